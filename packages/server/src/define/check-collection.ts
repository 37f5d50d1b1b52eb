import { parseDuration, type Text } from '@maque/kit';
import { checkFieldDeclarations, INDEXED_TEXT_MAX } from './check-field.ts';
import { checkPersonal } from './check-personal.ts';
import type { AnyCollection } from './collection.ts';
import { fieldNamed } from './condition.ts';
import type { Fields } from './field.ts';
import type { Problems } from './problems.ts';
import { conditionOf } from './read-where.ts';
import { type AnyRule, type AnyWhere, OPERATIONS } from './rules.ts';

const AUDIENCES: readonly unknown[] = ['public', 'user', 'admin', 'nobody'];
const REASON = {
  emptyRule: {
    en: "an empty condition lets everybody in; write 'public'",
    zh: "空条件等于允许所有人,请写 'public'",
  },
  emptyList: {
    en: "a list of rules names at least one; write 'nobody'",
    zh: "规则列表不能为空,请写 'nobody'",
  },
  noAudience: {
    en: '{rule} is not public, user, admin or nobody',
    zh: '{rule} 不是 public、user、admin、nobody 之一',
  },
  emptyIndex: { en: 'an index names at least one field', zh: '索引至少包含一个字段' },
  longIndex: {
    en: '{field} is too long to be indexed: {max} characters at most',
    zh: '{field} 过长,不能建索引:最多 {max} 个字符',
  },
  hiddenSort: {
    en: '{field} is hidden, so lists cannot be ordered by it',
    zh: '{field} 是隐藏字段,列表不能按它排序',
  },
} as const satisfies Record<string, Text>;

/** Checks one collection: fields, indexes, order, rules and cache. */
export function checkCollection(
  declared: AnyCollection,
  where: string,
  collections: ReadonlySet<unknown>,
  problems: Problems,
): void {
  const { fields } = declared;
  checkFieldDeclarations(fields, `${where}.fields`, problems);
  problems.checkColumnNames(fields, `${where}.fields`);
  checkRelations(fields, `${where}.fields`, collections, problems);
  for (const [position, index] of declared.indexes.entries()) {
    checkIndex(fields, index, `${where}.indexes.${position}`, problems);
  }
  for (const key of declared.sort) checkWireKey(fields, key, `${where}.sort`, problems);
  for (const operation of OPERATIONS) {
    const rule = declared.rules[operation];
    if (rule !== undefined) checkRule(fields, rule, `${where}.rules.${operation}`, problems);
  }
  const { create = 'nobody' } = declared.rules;
  for (const [name, { isHidden, presence }] of Object.entries(fields)) {
    if (create !== 'nobody' && isHidden && presence === 'required')
      problems.add('HIDDEN_REQUIRED', `${where}.fields.${name}`);
  }
  checkPersonal(declared, `${where}.personal`, problems);
  if (declared.cache !== undefined) checkCache(declared, `${where}.cache`, problems);
}

function checkRelations(
  fields: Fields,
  where: string,
  collections: ReadonlySet<unknown>,
  problems: Problems,
): void {
  for (const [name, { spec }] of Object.entries(fields)) {
    if (spec.kind === 'relation' && !collections.has(spec.target()))
      problems.add('RELATION_UNKNOWN', `${where}.${name}`);
  }
}

function checkIndex(fields: Fields, index: readonly string[], where: string, problems: Problems): void {
  if (index.length === 0) problems.add('BOUNDS_INVALID', where, { reason: REASON.emptyIndex });
  for (const key of index) {
    problems.checkSortKey(fields, key, where);
    const spec = fieldNamed(fields, key.replace(/^-/, ''))?.spec;
    if (spec?.kind === 'text' && spec.maxLength > INDEXED_TEXT_MAX) {
      problems.add('BOUNDS_INVALID', where, { reason: REASON.longIndex, field: key, max: INDEXED_TEXT_MAX });
    }
  }
}

/** The order of lists is known to callers, through cursors, so a hidden field cannot make it. */
function checkWireKey(fields: Fields, key: string, where: string, problems: Problems): void {
  problems.checkSortKey(fields, key, where);
  const name = key.replace(/^-/, '');
  if (fieldNamed(fields, name)?.isHidden === true)
    problems.add('RULE_INVALID', where, { reason: REASON.hiddenSort, field: name });
}

function checkRule(fields: Fields, rule: AnyRule, where: string, problems: Problems): void {
  if (Array.isArray(rule)) {
    if (rule.length === 0) problems.add('RULE_INVALID', where, { reason: REASON.emptyList });
    for (const part of rule as AnyRule[]) checkRule(fields, part, where, problems);
  } else if (typeof rule === 'object' && rule !== null) {
    if ('allOf' in rule && Array.isArray(rule.allOf))
      checkRule(fields, rule.allOf as AnyRule[], where, problems);
    else checkWhere(fields, rule as AnyWhere, where, problems);
  } else if (!AUDIENCES.includes(rule)) {
    problems.add('RULE_INVALID', where, { reason: REASON.noAudience, rule: String(rule) });
  }
}

function checkWhere(fields: Fields, rule: AnyWhere, where: string, problems: Problems): void {
  if (Object.keys(rule).length === 0) {
    problems.add('RULE_INVALID', where, { reason: REASON.emptyRule });
  }
  conditionOf(fields, rule, ({ field, fault, reason }) => {
    if (fault === 'unknown') problems.unknownField(fields, field, where);
    else if (fault === 'unsuited') problems.unsuitedField(fields, field, where);
    else problems.add('RULE_INVALID', `${where}.${field}`, { ...reason?.data, reason: reason?.text });
  });
}

function checkCache({ fields, cache }: AnyCollection, where: string, problems: Problems): void {
  if (cache === undefined) return;
  try {
    parseDuration(cache.maxAge);
  } catch {
    problems.add('DURATION_INVALID', `${where}.maxAge`, { value: String(cache.maxAge).slice(0, 40) });
  }
  for (const name of cache.tolerates) {
    if (!Object.hasOwn(fields, name)) problems.unknownField(fields, name, `${where}.tolerates`);
  }
}
