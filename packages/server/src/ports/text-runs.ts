/** A stretch of text without a space or a mark in it. */
export interface TextRun {
  /** In NFKC, lower case: full-width letters are plain ones. */
  readonly text: string;
  /** Whether the script puts spaces between words; Chinese, Japanese, Korean and Thai are taken for such as do not. */
  readonly isSpaced: boolean;
}

// Korean has spaces, but its endings are written into the word, so parts of words are looked for as in the others.
const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\u30FC\\u3005]';
const RUNS = new RegExp(`(${UNSPACED}+)|(?:(?!${UNSPACED})[\\p{L}\\p{N}\\p{M}])+`, 'gu');

/**
 * More marks on one character than any language has (UAX #15, stream-safe text: 30), the half-width ones of Katakana
 * included. NFKC sorts the marks of a character in a time that grows with their square: 250,000 of them take minutes.
 */
const TOO_MANY_MARKS = /([\p{M}\uFF9E\uFF9F]{30})[\p{M}\uFF9E\uFF9F]+/gu;

// A chapter of a book. Each character is a word to the index, and of NFKC one may become eighteen (U+FDFA): so many take
// some 20 ms of the event loop.
const MAX_CHARACTERS = 50_000;

/** The words of a text, or of its first 50,000 characters, as far as they show without a dictionary, in order. */
export function textRuns(text: string): TextRun[] {
  const runs: TextRun[] = [];
  for (const [run, unspaced] of plainText(text).matchAll(RUNS)) {
    runs.push({ text: run, isSpaced: unspaced === undefined });
  }
  return runs;
}

function plainText(text: string): string {
  const read = text.slice(0, MAX_CHARACTERS).replace(TOO_MANY_MARKS, '$1').normalize('NFKC');
  return read.slice(0, MAX_CHARACTERS).toLowerCase();
}
