import type { ProcFiles } from '../src/box/proc-files.ts';

/** A /proc whose files are texts in memory; folders are those on the way to them. */
export function procOf(
  texts: Readonly<Record<string, string>>,
): ProcFiles & { readonly texts: Map<string, string> } {
  const files = new Map(Object.entries(texts));
  const read = (path: string) => files.get(path) ?? null;
  return {
    read,
    readOnce: read,
    forget: () => {},
    close: () => {},
    folders(path) {
      const below = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
      const rests = below.map((file) => file.slice(path.length + 1).split('/'));
      return [
        ...new Set(rests.flatMap(([name, ...rest]) => (name === undefined || rest.length === 0 ? [] : name))),
      ];
    },
    texts: files,
  };
}

/** What statm says of a process with 4 KiB pages. */
export function statm(anonymousMib: number, sharedMib = 40): string {
  const pages = (mib: number) => mib * 256;
  return `${pages(2_000)} ${pages(anonymousMib + sharedMib)} ${pages(sharedMib)} 1 0 9999 0\n`;
}
