/** Makes the place for secrets, to be filled by a person; one that is there stays as it is. */
export function emptyFileOnce(path: string, owner: string): string {
  return `[ -e ${path} ] || install -D -m 0600 -o ${owner} /dev/null ${path}`;
}
