import type { Text } from '@maque/kit';
import { boundsFault, INDEXED_TEXT_MAX } from './check-bounds.ts';
import { checkValue, Issues } from './check-value.ts';
import { fieldsInside, isScalar } from './condition.ts';
import { caller, type Field, type FieldKind, type Fields } from './field.ts';
import type { Problems } from './problems.ts';

const REASON = {
  unique: { en: 'unique', zh: '唯一' },
  hidden: { en: 'hidden', zh: '隐藏' },
  renamed: { en: 'renamed', zh: '改名' },
  linked: { en: 'a relation or a file', zh: '关联或文件' },
  longUnique: { en: 'unique text has at most {max} characters', zh: '唯一文本最多 {max} 个字符' },
} as const satisfies Record<string, Text>;

// Only a column can be held to it that what it refers to exists.
const LINKED: ReadonlySet<FieldKind> = new Set<FieldKind>(['relation', 'relations', 'file', 'files']);

/** Checks the fields of a collection, however deep they nest. */
export function checkFieldDeclarations(fields: Fields, where: string, problems: Problems): void {
  problems.checkNames(Object.keys(fields), where);
  for (const [name, one] of Object.entries(fields)) {
    checkFieldDeclaration(name, one, `${where}.${name}`, problems);
    checkInside(name, one, `${where}.${name}`, checkPart, problems);
  }
}

/**
 * Checks the fields of a body, a query or an answer, however deep they nest: what is no column has no column's traits.
 * Ids of records and files may be among them; they are looked up where they are written.
 */
export function checkValueFields(fields: Fields, where: string, problems: Problems): void {
  checkAll(fields, where, checkLoose, problems);
}

type Check = (name: string, one: Field, where: string, problems: Problems) => void;

function checkAll(fields: Fields, where: string, check: Check, problems: Problems): void {
  problems.checkNames(Object.keys(fields), where);
  for (const [name, one] of Object.entries(fields)) check(name, one, `${where}.${name}`, problems);
}

/** What is inside of a field: each part by the same check. */
function checkInside(name: string, one: Field, where: string, check: Check, problems: Problems): void {
  const inside = fieldsInside(one);
  if (inside !== undefined) checkAll(inside, where, check, problems);
  if (one.spec.kind === 'list') check(name, one.spec.item, `${where}.items`, problems);
}

/** A field of a body, query or answer. */
function checkLoose(name: string, one: Field, where: string, problems: Problems): void {
  checkFieldDeclaration(name, one, where, problems);
  checkNoTraits(one, where, problems);
  checkInside(name, one, where, checkLoose, problems);
}

/** A field inside of a record's document. */
function checkPart(name: string, one: Field, where: string, problems: Problems): void {
  checkFieldDeclaration(name, one, where, problems);
  checkNoTraits(one, where, problems);
  if (LINKED.has(one.spec.kind)) problems.add('TRAIT_UNSUITED', where, { trait: REASON.linked });
  checkInside(name, one, where, checkPart, problems);
}

function checkFieldDeclaration(name: string, one: Field, where: string, problems: Problems): void {
  const { spec } = one;
  if (spec.kind === 'money' && !name.endsWith('_fen')) problems.add('MONEY_NAME', where);
  const fault = boundsFault(spec);
  if (fault !== undefined) problems.add('BOUNDS_INVALID', where, { ...fault.data, reason: fault.text });
  else checkDefault(one, where, problems);
  if (one.isUnique) checkUnique(one, where, problems);
}

function checkNoTraits({ isUnique, isHidden, formerName }: Field, where: string, problems: Problems): void {
  if (isUnique) problems.add('TRAIT_UNSUITED', where, { trait: REASON.unique });
  if (isHidden) problems.add('TRAIT_UNSUITED', where, { trait: REASON.hidden });
  if (formerName !== undefined) problems.add('TRAIT_UNSUITED', where, { trait: REASON.renamed });
}

function checkUnique(one: Field, where: string, problems: Problems): void {
  const { spec } = one;
  if (!isScalar(one) || spec.kind === 'bool') problems.add('UNIQUE_UNSUITED', where, { kind: spec.kind });
  if (spec.kind === 'text' && spec.maxLength > INDEXED_TEXT_MAX) {
    problems.add('BOUNDS_INVALID', where, { reason: REASON.longUnique, max: INDEXED_TEXT_MAX });
  }
}

function checkDefault(one: Field, where: string, problems: Problems): void {
  if (one.presence !== 'defaulted' || one.defaultValue === caller) return;
  const issues = new Issues();
  const { spec } = one;
  // The app's own HTML is not cleaned.
  const plain = spec.kind === 'richText' ? ({ ...spec, kind: 'text', minLength: 0 } as const) : spec;
  checkValue(plain, one.defaultValue, '', issues);
  const fault = issues.first;
  if (fault !== undefined) problems.add('DEFAULT_INVALID', where, { ...fault.data, reason: fault.text });
}
