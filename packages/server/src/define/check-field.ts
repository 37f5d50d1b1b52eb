import { MiB, type Text } from '@maque/kit';
import { checkValue, Issues } from './check-value.ts';
import { isScalar, type Reason } from './condition.ts';
import { caller, type Field, type FieldSpec, type Fields } from './field.ts';
import type { Problems } from './problems.ts';

// A text of 16,000 characters is 64 KiB at four bytes each: the most that every engine keeps in a row as text.
const TEXT_MAX = 16_000;
/** InnoDB indexes 3,072 bytes, 768 characters at four bytes each. */
export const INDEXED_TEXT_MAX = 768;
// More is a collection of its own; a page of 100 records stays below 100,000 values.
const LIST_MAX = 1_000;
// What WeChat lets a mini-program receive at once is 10 MB; a page of ten such documents fits.
const JSON_MAX_BYTES = MiB;
const ENUM_VALUE_MAX = 64;

const REASON = {
  unique: { en: 'unique', zh: '唯一' },
  hidden: { en: 'hidden', zh: '隐藏' },
  relation: { en: 'a relation', zh: '关联' },
  wholeBounds: { en: 'bounds are whole numbers', zh: '上下限应为整数' },
  crossed: { en: 'the lower bound is above the upper one', zh: '下限大于上限' },
  range: { en: '{name} is from 1 to {limit}', zh: '{name} 应在 1 到 {limit} 之间' },
  longUnique: { en: 'unique text has at most {max} characters', zh: '唯一文本最多 {max} 个字符' },
  enumValues: {
    en: 'an enum has values of 1 to {max} characters, at least one',
    zh: '枚举至少有一个值,每个值 1 到 {max} 个字符',
  },
  enumTwice: { en: 'an enum names each value once', zh: '枚举的值不能重复' },
} as const satisfies Record<string, Text>;

/** Checks the fields of a body, a query or an answer, however deep they nest: what is no column has no column's traits. */
export function checkValueFields(fields: Fields, where: string, problems: Problems): void {
  checkFieldDeclarations(fields, where, problems);
  for (const [name, one] of Object.entries(fields)) checkNoTraits(one, `${where}.${name}`, problems);
}

/** Checks the fields of a collection, however deep they nest. */
export function checkFieldDeclarations(fields: Fields, where: string, problems: Problems): void {
  problems.checkNames(Object.keys(fields), where);
  for (const [name, one] of Object.entries(fields))
    checkFieldDeclaration(name, one, `${where}.${name}`, problems);
}

function checkFieldDeclaration(name: string, one: Field, where: string, problems: Problems): void {
  const { spec } = one;
  if (spec.kind === 'money' && !name.endsWith('_fen')) problems.add('MONEY_NAME', where);
  const fault = boundsFault(spec);
  if (fault !== undefined) problems.add('BOUNDS_INVALID', where, { ...fault.data, reason: fault.text });
  else checkDefault(one, where, problems);
  if (one.isUnique) checkUnique(one, where, problems);
  if (spec.kind === 'object') checkValueFields(spec.fields, where, problems);
  if (spec.kind === 'list') {
    checkFieldDeclaration(name, spec.item, `${where}.items`, problems);
    checkNoTraits(spec.item, `${where}.items`, problems);
  }
}

function checkNoTraits({ isUnique, isHidden, spec }: Field, where: string, problems: Problems): void {
  if (isUnique) problems.add('TRAIT_UNSUITED', where, { trait: REASON.unique });
  if (isHidden) problems.add('TRAIT_UNSUITED', where, { trait: REASON.hidden });
  // Only a column can be held to it that what it refers to exists.
  if (spec.kind === 'relation') problems.add('TRAIT_UNSUITED', where, { trait: REASON.relation });
}

function checkUnique(one: Field, where: string, problems: Problems): void {
  const { spec } = one;
  if (!isScalar(one) || spec.kind === 'bool') problems.add('UNIQUE_UNSUITED', where, { kind: spec.kind });
  if (spec.kind === 'text' && spec.maxLength > INDEXED_TEXT_MAX) {
    problems.add('BOUNDS_INVALID', where, { reason: REASON.longUnique, max: INDEXED_TEXT_MAX });
  }
}

function boundsFault(spec: FieldSpec): Reason | undefined {
  switch (spec.kind) {
    case 'text':
      return countsFault(spec.minLength, spec.maxLength, TEXT_MAX, 'maxLength');
    case 'list':
      return countsFault(spec.minItems, spec.maxItems, LIST_MAX, 'maxItems');
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
  if (min > max) return { text: REASON.crossed };
  return max < 1 || max > limit ? { text: REASON.range, data: { name, limit } } : undefined;
}

function enumFault(values: readonly string[]): Reason | undefined {
  const isUnfit = (value: unknown) =>
    typeof value !== 'string' || value === '' || value.length > ENUM_VALUE_MAX;
  if (values.length === 0 || values.some(isUnfit))
    return { text: REASON.enumValues, data: { max: ENUM_VALUE_MAX } };
  return new Set(values).size < values.length ? { text: REASON.enumTwice } : undefined;
}

function checkDefault(one: Field, where: string, problems: Problems): void {
  if (one.presence !== 'defaulted' || one.defaultValue === caller) return;
  const issues = new Issues();
  checkValue(one.spec, one.defaultValue, '', issues);
  const fault = issues.first;
  if (fault !== undefined) problems.add('DEFAULT_INVALID', where, { ...fault.data, reason: fault.text });
}
