import { MiB, type Text } from '@maque/kit';
import type { Reason } from './condition.ts';
import type { FieldSpec } from './field.ts';

// A text of 16,000 characters is 64 KiB at four bytes each: the most that every engine keeps in a row as text.
const TEXT_MAX = 16_000;
/** InnoDB indexes 3,072 bytes, 768 characters at four bytes each. */
export const INDEXED_TEXT_MAX = 768;
// More is a collection of its own; a page of 100 records stays below 100,000 values.
const LIST_MAX = 1_000;
// What WeChat lets a mini-program receive at once is 10 MB; a page of ten such documents fits.
const JSON_MAX_BYTES = MiB;
// An article with its tags: as much as a document, at four bytes a character.
const RICH_TEXT_MAX = 250_000;
const ENUM_VALUE_MAX = 64;
const MEDIA_TYPE = /^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]*)$/;

const REASON = {
  wholeBounds: { en: 'bounds are whole numbers', zh: '上下限应为整数' },
  crossed: { en: 'the lower bound is above the upper one', zh: '下限大于上限' },
  range: { en: '{name} is from 1 to {limit}', zh: '{name} 应在 1 到 {limit} 之间' },
  enumValues: {
    en: 'an enum has values of 1 to {max} characters, at least one',
    zh: '枚举至少有一个值，每个值 1 到 {max} 个字符',
  },
  enumTwice: { en: 'an enum names each value once', zh: '枚举的值不能重复' },
  accept: {
    en: '{type} is not a type such as image/jpeg or image/*',
    zh: '{type} 不是 image/jpeg、image/* 这样的类型',
  },
  fileSize: { en: 'maxBytes is at least 1', zh: 'maxBytes 至少为 1' },
} as const satisfies Record<string, Text>;

/** What is wrong with the bounds of a field, if anything. */
export function boundsFault(spec: FieldSpec): Reason | undefined {
  switch (spec.kind) {
    case 'text':
      return countsFault(spec.minLength, spec.maxLength, TEXT_MAX, 'maxLength');
    case 'richText':
      return countsFault(1, spec.maxLength, RICH_TEXT_MAX, 'maxLength');
    case 'list':
      return countsFault(spec.minItems, spec.maxItems, LIST_MAX, 'maxItems');
    case 'relations':
    case 'users':
      return countsFault(1, spec.maxItems, LIST_MAX, 'maxItems');
    case 'files':
      return countsFault(1, spec.maxItems, LIST_MAX, 'maxItems') ?? fileFault(spec);
    case 'file':
      return fileFault(spec);
    case 'json':
      return countsFault(1, spec.maxBytes, JSON_MAX_BYTES, 'maxBytes');
    case 'int':
    case 'money':
      if (!Number.isSafeInteger(spec.min) || !Number.isSafeInteger(spec.max))
        return { text: REASON.wholeBounds };
      return spec.min > spec.max ? { text: REASON.crossed } : undefined;
    case 'enum':
      return enumFault(spec.values);
    default:
      return undefined;
  }
}

function countsFault(min: number, max: number, limit: number, name: string): Reason | undefined {
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0)
    return { text: REASON.wholeBounds };
  if (min > max && max >= 1) return { text: REASON.crossed };
  return max < 1 || max > limit ? { text: REASON.range, data: { name, limit } } : undefined;
}

function fileFault({ accept, maxBytes }: FieldSpec & { kind: 'file' | 'files' }): Reason | undefined {
  const type = accept.find((one) => !MEDIA_TYPE.test(one));
  if (type !== undefined) return { text: REASON.accept, data: { type } };
  return maxBytes >= 1 ? undefined : { text: REASON.fileSize };
}

function enumFault(values: readonly string[]): Reason | undefined {
  const isUnfit = (value: unknown) =>
    typeof value !== 'string' || value === '' || value.length > ENUM_VALUE_MAX;
  if (values.length === 0 || values.some(isUnfit))
    return { text: REASON.enumValues, data: { max: ENUM_VALUE_MAX } };
  return new Set(values).size < values.length ? { text: REASON.enumTwice } : undefined;
}
