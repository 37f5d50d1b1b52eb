import { errors, limits } from '@maque/contract';
import type { CodedError, Text, TextData } from '@maque/kit';

const FAULTS = {
  character: { en: '{found} is not expected', zh: '出现了意外的 {found}' },
  end: { en: 'it ends too early', zh: '表达式不完整' },
  expected: { en: '{expected} is expected instead of {found}', zh: '应为 {expected}，而不是 {found}' },
  tooLong: {
    en: `it is longer than ${limits.filterLength} characters`,
    zh: `长度超过 ${limits.filterLength} 个字符`,
  },
  tooManyTerms: {
    en: `it has more than ${limits.filterTerms} conditions`,
    zh: `条件超过 ${limits.filterTerms} 个`,
  },
  tooDeep: {
    en: `it nests deeper than ${limits.filterDepth}`,
    zh: `嵌套超过 ${limits.filterDepth} 层`,
  },
  unknownField: { en: 'there is no field {field}', zh: '没有字段 {field}' },
  unknownFieldNear: {
    en: 'there is no field {field}; did you mean {near}?',
    zh: '没有字段 {field}，是否应为 {near}？',
  },
  unsuited: { en: '{field} cannot be compared', zh: '{field} 不能用于比较' },
  likeText: { en: 'like needs a text field, and {field} is none', zh: 'like 只能用于文本字段，{field} 不是' },
  likePattern: {
    en: 'a pattern has at most {length} characters and {wildcards} times %',
    zh: '模式最多 {length} 个字符，% 最多 {wildcards} 个',
  },
  tooFar: { en: 'a path goes through {max} relations at most', zh: '路径最多经过 {max} 层关联' },
  operand: { en: '{field}: {fault}', zh: '{field}：{fault}' },
} as const satisfies Record<string, Text>;

/** What a filter should have gone on with. */
export const EXPECTED = {
  field: { en: 'a field', zh: '字段' },
  value: { en: 'a value', zh: '值' },
  text: { en: 'a text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  comparison: { en: '= != > >= < <= in like', zh: '= != > >= < <= in like' },
  notComparison: { en: 'in, like', zh: 'in、like' },
  joint: { en: 'and, or', zh: 'and、or' },
} as const satisfies Record<string, Text>;

/** FILTER_INVALID with the reason in the reader's language. */
export function filterFault(reason: keyof typeof FAULTS, data: TextData = {}): CodedError {
  return errors.FILTER_INVALID({ data: { ...data, reason: FAULTS[reason] } });
}
