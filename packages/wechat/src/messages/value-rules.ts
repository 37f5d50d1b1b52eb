import type { Text } from '@maque/kit';

/** What WeChat lets through for one kind of key, and how to say so. */
interface ValueRule {
  readonly allows: (value: string) => boolean;
  readonly issue: Text;
}

const CLOCK = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
const DAY = String.raw`(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})`;
const MOMENT = `(?:${DAY} ?)?${CLOCK}`;
const DATE = `${DAY}(?: ?${CLOCK})?`;
const TIME_OR_RANGE = new RegExp(`^${MOMENT}(?: ?~ ?${MOMENT})?$`);
const DATE_OR_RANGE = new RegExp(`^${DATE}(?: ?~ ?(?:${DATE}|${CLOCK}))?$`);

const THING_LENGTH = 20;

/** By the prefix of a template's key, as on WeChat's page of subscribe messages. */
const RULES: Readonly<Record<string, ValueRule>> = {
  thing: {
    allows: (value) => countCharacters(value) <= THING_LENGTH,
    issue: { en: 'has more than 20 characters', zh: '超过 20 个字符' },
  },
  number: {
    allows: (value) => /^[+-]?\d+(\.\d+)?$/.test(value) && value.replace(/\D/g, '').length <= 32,
    issue: { en: 'is not a number of at most 32 digits', zh: '不是 32 位以内的数字' },
  },
  letter: {
    allows: (value) => /^[A-Za-z]{1,32}$/.test(value),
    issue: { en: 'is not at most 32 letters', zh: '不是 32 个以内的字母' },
  },
  symbol: {
    allows: (value) => /^[\p{P}\p{S}]{1,5}$/u.test(value),
    issue: { en: 'is not at most 5 symbols', zh: '不是 5 个以内的符号' },
  },
  character_string: {
    allows: (value) => /^[\x20-\x7e]{1,32}$/.test(value),
    issue: { en: 'is not at most 32 digits, letters and symbols', zh: '不是 32 个以内的数字、字母或符号' },
  },
  time: {
    allows: (value) => TIME_OR_RANGE.test(value),
    issue: { en: 'is not a time such as 2019年10月1日 15:01', zh: '不是时间，例如 2019年10月1日 15:01' },
  },
  date: {
    allows: (value) => DATE_OR_RANGE.test(value),
    issue: { en: 'is not a date such as 2019-10-01', zh: '不是日期，例如 2019-10-01' },
  },
  amount: {
    allows: (value) => /^\p{Sc}?\d{1,10}(\.\d+)?元?$/u.test(value),
    issue: {
      en: 'is not an amount such as ¥9.90 of at most 10 digits',
      zh: '不是 10 位以内的金额，例如 ¥9.90',
    },
  },
  phone_number: {
    allows: (value) => /^[\d\p{P}\p{S} ]{1,17}$/u.test(value),
    issue: { en: 'is not at most 17 digits and symbols', zh: '不是 17 位以内的数字或符号' },
  },
  car_number: {
    allows: (value) => /^[\p{Script=Han}A-Za-z0-9][A-Za-z0-9]{0,6}[\p{Script=Han}A-Za-z0-9]?$/u.test(value),
    issue: { en: 'is not a number plate of at most 8 characters', zh: '不是 8 位以内的车牌号' },
  },
  name: {
    allows: (value) => countCharacters(value) <= (/\p{Script=Han}/u.test(value) ? 10 : 20),
    issue: {
      en: 'has more than 10 characters, or 20 without Chinese ones',
      zh: '超过 10 个字符（不含汉字时为 20 个）',
    },
  },
  phrase: {
    allows: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
    issue: { en: 'is not at most 5 Chinese characters', zh: '不是 5 个以内的汉字' },
  },
};

// The longest value that any rule lets through is far below; keys of kinds that we do not know are not sent longer.
const LONGEST_UNKNOWN = 200;

const EMPTY: Text = { en: 'is empty', zh: '为空' };
const CONTROL: Text = { en: 'holds a line break or another control character', zh: '含有换行或控制字符' };
const TOO_LONG: Text = {
  en: `has more than ${LONGEST_UNKNOWN} characters`,
  zh: `超过 ${LONGEST_UNKNOWN} 个字符`,
};
const NO_CHOICE: Text = { en: 'is not one of the values of the template', zh: '不是模板规定的取值' };

/** What is wrong with the value of a key such as `thing1`, or null: WeChat would answer 47003 otherwise. */
export function checkValue(
  key: string,
  value: string,
  choices: readonly string[] | null = null,
): Text | null {
  if (value.trim() === '') return EMPTY;
  if (/\p{Cc}|[\u2028\u2029]/u.test(value)) return CONTROL;
  if (choices !== null) return choices.includes(value) ? null : NO_CHOICE;
  const rule = RULES[prefixOf(key)];
  if (rule !== undefined) return rule.allows(value) ? null : rule.issue;
  return countCharacters(value) <= LONGEST_UNKNOWN ? null : TOO_LONG;
}

/**
 * Makes the text of a `thing` fit: line breaks become spaces, and what is longer than 20 characters ends in `…`, never in
 * the middle of what people see as one. Values of other kinds are left as they are: half a number is a wrong number.
 */
export function fitValue(key: string, value: string): string {
  if (prefixOf(key) !== 'thing') return value;
  const line = value.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  if (countCharacters(line) <= THING_LENGTH) return line;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('zh').segment(line)) {
    if (countCharacters(kept + segment) > THING_LENGTH - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** `character_string` of `character_string2`. */
function prefixOf(key: string): string {
  return key.replace(/\d+$/, '');
}

function countCharacters(text: string): number {
  return [...text].length;
}
