import { COMMON_WORDS } from './common-words.ts';

const words: ReadonlySet<string> = new Set(COMMON_WORDS.split(/\s+/));

// `createdAt`, `ERR_INVALID_ARG`, `HTTPServer2`: a capital, a digit or a sign begins a new part.
const PART = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g;

const ENDINGS: readonly (readonly [ending: RegExp, instead: readonly string[]])[] = [
  [/s$/, ['']],
  [/ed$/, ['', 'e']],
  [/ing$/, ['', 'e']],
];

/** The words and numbers that a name is put together of, as its capitals and signs tell. */
export function partsOf(name: string): readonly string[] {
  return name.match(PART) ?? [];
}

/** Whether programmers commonly name things with this word, which may be a plural or end in `-ed` or `-ing`. */
export function isCommonWord(word: string): boolean {
  const lower = word.toLowerCase();
  if (words.has(lower)) return true;
  return ENDINGS.some(
    ([ending, stems]) =>
      ending.test(lower) && stems.some((stem) => words.has(lower.replace(ending, stem)) && lower.length > 3),
  );
}

// `kFoo`, `aList`, `x2`: more single letters are a token's.
const MOST_LETTERS = 2;

// `utf16`, `iso8601`; more digits are a number of somebody's.
const MOST_DIGITS = 4;

/**
 * Whether a name consists of common words, so that it cannot be somebody's name, number or token. Two letters and four
 * digits without any word say nothing of anybody either.
 */
export function isMadeOfCommonWords(name: string): boolean {
  const parts = partsOf(name);
  const digits = parts.filter((part) => /^\d/.test(part)).join('');
  const letters = parts.filter((part) => /^[A-Za-z]$/.test(part));
  if (letters.length > MOST_LETTERS || digits.length > MOST_DIGITS) return false;
  return parts.every((part) => part.length === 1 || /^\d/.test(part) || isCommonWord(part));
}
