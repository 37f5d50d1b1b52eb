import { isCommonWord, partsOf } from './name-words.ts';

// A phone number, a time, an id, in one piece or in several. Names count to four digits: `utf16`, `iso8601`, `CP1252`.
const LONG_NUMBER = /\d{5}|\d(?:[-._ ]?\d){6}/;

// Twelve hexadecimal digits, one of them a number: a digest, an ObjectId, most of a UUID.
const HEX = /(?=[a-f]*\d)[0-9a-f]{12,}/i;

// `{"` in base64url: what a JWT begins with.
const JWT = /eyJ[\w-]{6,}/;

const NOT_ASCII = /[^\x20-\x7e]/;

const RUN = /[A-Za-z0-9_$-]{8,}/g;

/**
 * Whether a name looks like data, even if code should say it: a number, a digest, a token, or in another script than
 * names of code have. People write keys such as `{ '13800138000': … }` into code too.
 */
export function looksLikeData(name: string): boolean {
  if (NOT_ASCII.test(name) || LONG_NUMBER.test(name) || HEX.test(name) || JWT.test(name)) return true;
  return (name.match(RUN) ?? []).some(isRandom);
}

// Of random base64 a part is 1.9 characters long on average, of names 5.
const SHORTEST_PARTS = 2.2;
const LONG_RUN = 16;
const SHORTEST_PARTS_OF_LONG_RUN = 3.2;
const LEAST_WORDS = 0.4;

/** Whether the capitals and digits of a run are strewn as in a token, and it has few words. */
function isRandom(run: string): boolean {
  const parts = partsOf(run);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const limit = run.length >= LONG_RUN ? SHORTEST_PARTS_OF_LONG_RUN : SHORTEST_PARTS;
  if (length >= limit * parts.length) return false;
  const inWords = parts.filter((part) => part.length > 2 && isCommonWord(part)).join('').length;
  return inWords < LEAST_WORDS * length;
}
