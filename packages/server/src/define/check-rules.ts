import { nearestName, type Text } from '@maque/kit';
import type { AnyCollection } from './collection.ts';
import { recordFields } from './condition.ts';
import type { Fields } from './field.ts';
import type { Problems } from './problems.ts';
import { conditionOf } from './read-where.ts';
import {
  type AnyRule,
  type AnyWhere,
  type MomentRule,
  type OnlyRule,
  OPERATIONS,
  type RoleRule,
  ruleKind,
} from './rules.ts';

const AUDIENCES: readonly unknown[] = ['public', 'user', 'admin', 'nobody'];
const REASON = {
  emptyRule: {
    en: "an empty condition lets everybody in; write 'public'",
    zh: "空条件等于允许所有人，请写 'public'",
  },
  emptyList: {
    en: "a list of rules names at least one; write 'nobody'",
    zh: "规则列表不能为空，请写 'nobody'",
  },
  noAudience: {
    en: '{rule} is not public, user, admin or nobody',
    zh: '{rule} 不是 public、user、admin、nobody 之一',
  },
  emptyNames: { en: '{rule}() names at least one', zh: '{rule}() 至少写一个名称' },
  notHere: { en: '{rule}() does not belong here', zh: '{rule}() 不能用在这里' },
  unwritable: {
    en: 'is required, and nobody may write it; give it a .default(…) or make it .optional()',
    zh: '是必填字段却无人可写；请加 .default(…) 或 .optional()',
  },
} as const satisfies Record<string, Text>;

type Special = 'only' | 'was' | 'becomes';

/** What can be said beside who somebody is and what the record is like. */
const SPECIALS: Readonly<Record<string, readonly Special[]>> = {
  create: ['only'],
  update: ['only', 'was', 'becomes'],
  'field write': ['was', 'becomes'],
};

/** Where a rule stands, and what is known there. */
interface Place {
  readonly fields: Fields;
  readonly declared: Fields;
  readonly roles: readonly string[];
  readonly specials: readonly Special[];
}

/**
 * Checks the rules of one collection.
 * @param roles those of the app, which are all that a rule may name beside `admin`.
 */
export function checkRules(
  declared: AnyCollection,
  where: string,
  roles: readonly string[],
  problems: Problems,
): void {
  const { fields, rules } = declared;
  const placeFor = (use: string): Place => ({
    ...{ fields: recordFields(declared), declared: fields, roles: ['admin', ...roles] },
    specials: SPECIALS[use] ?? [],
  });
  problems.checkOptions(rules, [...OPERATIONS, 'fields'], where);
  for (const operation of OPERATIONS) {
    const rule = rules[operation];
    if (rule !== undefined) checkRule(rule, `${where}.${operation}`, placeFor(operation), problems);
  }
  for (const [name, rulesOfField] of Object.entries(rules.fields ?? {})) {
    const at = `${where}.fields.${name}`;
    const { read, write } = rulesOfField;
    problems.checkOptions(rulesOfField, ['read', 'write'], at);
    if (!Object.hasOwn(fields, name)) problems.unknownField(fields, name, at);
    if (read !== undefined) checkRule(read, `${at}.read`, placeFor('field read'), problems);
    if (write !== undefined) checkRule(write, `${at}.write`, placeFor('field write'), problems);
    const isCreated = (rules.create ?? 'nobody') !== 'nobody';
    if (isCreated && write === 'nobody' && fields[name]?.presence === 'required') {
      problems.add('RULE_INVALID', `${at}.write`, { reason: REASON.unwritable });
    }
  }
}

function checkRule(rule: AnyRule, where: string, place: Place, problems: Problems): void {
  if (Array.isArray(rule)) {
    if (rule.length === 0) problems.add('RULE_INVALID', where, { reason: REASON.emptyList });
    for (const part of rule as AnyRule[]) checkRule(part, where, place, problems);
  } else if (typeof rule !== 'object' || rule === null) {
    if (!AUDIENCES.includes(rule))
      problems.add('RULE_INVALID', where, { reason: REASON.noAudience, rule: String(rule) });
  } else if (ruleKind in rule) {
    checkSpecial(rule as RoleRule | OnlyRule | MomentRule, where, place, problems);
  } else if ('allOf' in rule && Array.isArray(rule.allOf)) {
    checkRule(rule.allOf as AnyRule[], where, place, problems);
  } else {
    checkWhere(rule as AnyWhere, where, place.fields, problems);
  }
}

function checkSpecial(
  rule: RoleRule | OnlyRule | MomentRule,
  where: string,
  place: Place,
  problems: Problems,
): void {
  const kind = rule[ruleKind];
  if (kind === 'role') {
    checkRoles((rule as RoleRule).roles, where, place.roles, problems);
  } else if (!place.specials.includes(kind)) {
    problems.add('RULE_INVALID', where, { reason: REASON.notHere, rule: kind });
  } else if (kind === 'only') {
    const { fields } = rule as OnlyRule;
    if (fields.length === 0) problems.add('RULE_INVALID', where, { reason: REASON.emptyNames, rule: kind });
    for (const name of fields) {
      if (!Object.hasOwn(place.declared, name)) problems.unknownField(place.declared, name, where);
    }
  } else {
    checkWhere((rule as MomentRule).where, where, place.fields, problems);
  }
}

/** Checks the names in a `role(…)`. */
export function checkRoles(
  names: readonly string[],
  where: string,
  known: readonly string[],
  problems: Problems,
): void {
  if (names.length === 0) problems.add('RULE_INVALID', where, { reason: REASON.emptyNames, rule: 'role' });
  for (const role of names) {
    if (known.includes(role)) continue;
    const near = nearestName(role, known);
    problems.add('ROLE_UNKNOWN', where, { role, near: near === undefined ? '' : ` (${near}?)` });
  }
}

function checkWhere(rule: AnyWhere, where: string, fields: Fields, problems: Problems): void {
  if (Object.keys(rule).length === 0) {
    problems.add('RULE_INVALID', where, { reason: REASON.emptyRule });
  }
  conditionOf(fields, rule, ({ field, fault, reason }) => {
    if (fault === 'unknown') problems.unknownField(fields, field, where);
    else if (fault === 'unsuited') problems.unsuitedField(fields, field, where);
    else problems.add('RULE_INVALID', `${where}.${field}`, { ...reason?.data, reason: reason?.text });
  });
}
