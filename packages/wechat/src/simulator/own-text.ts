/**
 * The beginning of a text, to be remembered. A copy: what `slice` gives keeps all of the text that it was cut from, so 1 KiB
 * of each of 200 bodies would weigh 13 MB.
 */
export function beginningOf(text: string, mostCharacters: number): string {
  return Buffer.from(text.slice(0, mostCharacters)).toString();
}
