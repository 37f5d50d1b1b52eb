// WeChat's rules of subscribe-message values, by what a key begins with. Lengths are in characters, not in UTF-16 units.
const DATE = '(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|(?:\\d{4}年)?\\d{1,2}月\\d{1,2}日)';
const TIME = '(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?';
const rangeOf = (moment: string) => new RegExp(`^${moment}(?:\\s*~\\s*(?:${moment}|${TIME}))?$`);

const TIME_VALUE = rangeOf(`(?:${DATE}\\s*)?${TIME}`);
const DATE_VALUE = rangeOf(`${DATE}(?:\\s*${TIME})?`);

const KINDS: Readonly<Record<string, (text: string) => boolean>> = {
  thing: (text) => lengthOf(text) <= 20,
  number: (text) => /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= 32,
  letter: (text) => /^[A-Za-z]{1,32}$/.test(text),
  symbol: (text) => /^[\p{P}\p{S}]{1,5}$/u.test(text),
  character_string: (text) => /^[\x20-\x7e]{1,32}$/.test(text),
  time: (text) => TIME_VALUE.test(text),
  date: (text) => DATE_VALUE.test(text),
  amount: (text) => /^\p{Sc}?\d{1,10}(\.\d{1,10})?元?$/u.test(text),
  phone_number: (text) => /^[\d+\-() #*]{1,17}$/.test(text),
  car_number: (text) => /^\p{Script=Han}?[\dA-Za-z]{1,7}\p{Script=Han}?$/u.test(text) && lengthOf(text) <= 8,
  name: (text) => lengthOf(text) <= (/\p{Script=Han}/u.test(text) ? 10 : 20),
  phrase: (text) => /^\p{Script=Han}{1,5}$/u.test(text),
};

// The longest value that any rule allows is a range of two moments; the rest is noise.
const MAX_CHARACTERS = 64;

/**
 * What is wrong with the value of a key, in WeChat's words; null when it is right.
 * @param values what the key may say, for the kinds `enum` and `enum_string`.
 */
export function faultOfValue(
  key: string,
  value: unknown,
  values: readonly string[] | undefined,
): string | null {
  if (value === undefined || value === null || value === '') return `data.${key}.value is empty`;
  // WeChat takes numbers for text.
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return `data.${key}.value is not a string`;
  const kind = key.replace(/\d+$/, '');
  const obeys = values === undefined ? KINDS[kind] : (said: string) => values.includes(said);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a value
  const plain = !/[\u0000-\u001f\u007f]/.test(text) && lengthOf(text) <= MAX_CHARACTERS;
  return plain && (obeys?.(text) ?? true) ? null : `data.${key}.value invalid`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
