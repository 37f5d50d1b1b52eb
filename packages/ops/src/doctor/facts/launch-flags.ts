/** A switch with its value, as `--workers 4`, `--workers=4`, `-w 4` or `-w4`; empty for one without; undefined where it is not. */
export function flagValue(words: readonly string[], long: string, short?: string): string | undefined {
  for (const [at, word] of words.entries()) {
    if (word === long || word === short) {
      const next = words[at + 1];
      return next === undefined || next.startsWith('-') ? '' : next;
    }
    if (word.startsWith(`${long}=`)) return word.slice(long.length + 1);
    if (short !== undefined && /^-\w$/.test(short) && word.startsWith(short) && /^\d/.test(word.slice(2)))
      return word.slice(2);
  }
  return undefined;
}

export function hasFlag(words: readonly string[], long: string): boolean {
  return flagValue(words, long) !== undefined;
}
