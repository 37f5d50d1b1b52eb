import type { Condition } from '../../define/condition.ts';
import { type Caller, caller, type Fields } from '../../define/field.ts';
import { conditionOf } from '../../define/read-where.ts';
import {
  type AnyRule,
  type AnyWhere,
  type MomentRule,
  type OnlyRule,
  type RoleRule,
  ruleKind,
} from '../../define/rules.ts';
import type { Standing } from './standing.ts';

/** What a rule means to a caller who reads: everything, nothing, or the records that fit a condition. */
export type Access =
  | { readonly allows: 'all' }
  | { readonly allows: 'none' }
  | { readonly allows: 'some'; readonly condition: Condition };

/** What a rule means to a caller who writes: everything, nothing, or the changes that a guard lets through. */
export type WriteAccess =
  | { readonly allows: 'all' }
  | { readonly allows: 'none' }
  | { readonly allows: 'some'; readonly guard: Guard };

/** The record before a change, after it, or each of the two as far as there is one: what is created was nothing before. */
export type Moment = 'before' | 'after' | 'both';

/**
 * What lets a change through. `all` of nothing lets everything through, `any` of nothing lets nothing through; `only` lets
 * through what writes no other fields.
 */
export type Guard =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Guard[] }
  | { readonly kind: 'fits'; readonly moment: Moment; readonly condition: Condition }
  | { readonly kind: 'only'; readonly fields: ReadonlySet<string> };

const EVERYTHING: Guard = Object.freeze({ kind: 'all', parts: [] });
const NOTHING: Guard = Object.freeze({ kind: 'any', parts: [] });
const ALL = Object.freeze({ allows: 'all' });
const NONE = Object.freeze({ allows: 'none' });

/** What a rule lets a caller of this standing read; nothing where there is no rule. */
export function readAccess(fields: Fields, rule: AnyRule | undefined, standing: Standing): Access {
  const guard = rule === undefined ? NOTHING : guardOf(fields, rule, standing);
  return simpleAccess(guard) ?? { allows: 'some', condition: conditionOfGuard(guard) };
}

/** What a rule lets a caller of this standing write; nothing where there is no rule. */
export function writeAccess(fields: Fields, rule: AnyRule | undefined, standing: Standing): WriteAccess {
  const guard = rule === undefined ? NOTHING : guardOf(fields, rule, standing);
  return simpleAccess(guard) ?? { allows: 'some', guard };
}

/** The fields that hold whoever created the record: `field.caller()`. */
export function callerFieldsOf(fields: Fields): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name]?.defaultValue === caller);
}

/** The condition that stands for an access in a query. */
export function conditionOfAccess(access: Access): Condition {
  if (access.allows === 'some') return access.condition;
  return access.allows === 'all' ? { kind: 'all', parts: [] } : { kind: 'any', parts: [] };
}

/** The roles that a rule names, each as often as it does. */
export function rolesIn(rule: AnyRule | undefined): readonly string[] {
  if (rule === undefined || typeof rule === 'string') return [];
  if (isAnyOf(rule)) return rule.flatMap(rolesIn);
  if (isSpecial(rule)) return rule[ruleKind] === 'role' ? rule.roles : [];
  return isAllOf(rule) ? rule.allOf.flatMap(rolesIn) : [];
}

function simpleAccess(guard: Guard): typeof ALL | typeof NONE | undefined {
  if (isEverything(guard)) return ALL;
  return isNothing(guard) ? NONE : undefined;
}

/** What a rule comes to, with everything worked out that does not depend on the record. */
function guardOf(fields: Fields, rule: AnyRule, standing: Standing): Guard {
  if (typeof rule === 'string') return allowsAudience(rule, standing.kind) ? EVERYTHING : NOTHING;
  if (isAnyOf(rule))
    return joined(
      'any',
      rule.map((part) => guardOf(fields, part, standing)),
    );
  if (isAllOf(rule))
    return joined(
      'all',
      rule.allOf.map((part) => guardOf(fields, part, standing)),
    );
  if (standing.kind === 'admin') return EVERYTHING;
  if (!isSpecial(rule)) return fitsWhere(fields, rule, 'both', standing);
  switch (rule[ruleKind]) {
    case 'role':
      return rule.roles.some((role) => standing.roles.has(role)) ? EVERYTHING : NOTHING;
    case 'only':
      return { kind: 'only', fields: new Set(rule.fields) };
    case 'was':
      return fitsWhere(fields, rule.where, 'before', standing);
    case 'becomes':
      return fitsWhere(fields, rule.where, 'after', standing);
  }
}

function fitsWhere(fields: Fields, where: AnyWhere, moment: Moment, { kind }: Standing): Guard {
  // Whoever is no user owns nothing.
  if (kind !== 'user' && mentionsCaller(where)) return NOTHING;
  const condition = conditionOf(fields, where, ({ field }) => {
    throw new Error(`the rule on ${field} was not checked`);
  });
  return { kind: 'fits', moment, condition };
}

function allowsAudience(audience: AnyRule & string, kind: Standing['kind']): boolean {
  if (audience === 'nobody') return false;
  if (kind === 'admin' || audience === 'public') return true;
  return audience === 'user' && kind === 'user';
}

function joined(kind: 'all' | 'any', parts: readonly Guard[]): Guard {
  const [neutral, decisive] = kind === 'all' ? [isEverything, isNothing] : [isNothing, isEverything];
  const deciding = parts.find(decisive);
  if (deciding !== undefined) return deciding;
  const open = parts.filter((part) => !neutral(part));
  return open.length === 1 && open[0] !== undefined ? open[0] : { kind, parts: open };
}

function isEverything(guard: Guard): boolean {
  return guard.kind === 'all' && guard.parts.length === 0;
}

function isNothing(guard: Guard): boolean {
  return guard.kind === 'any' && guard.parts.length === 0;
}

/** Of a rule for reading, which knows neither changes nor moments: what looks at them lets nothing through. */
function conditionOfGuard(guard: Guard): Condition {
  if (guard.kind === 'fits') return guard.moment === 'both' ? guard.condition : { kind: 'any', parts: [] };
  if (guard.kind === 'only') return { kind: 'any', parts: [] };
  return { kind: guard.kind, parts: guard.parts.map(conditionOfGuard) };
}

function isAnyOf(rule: AnyRule): rule is readonly AnyRule[] {
  return Array.isArray(rule);
}

function isSpecial(rule: AnyRule): rule is RoleRule | OnlyRule | MomentRule {
  return typeof rule === 'object' && ruleKind in rule;
}

function isAllOf(rule: AnyRule): rule is { readonly allOf: readonly AnyRule[] } {
  return typeof rule === 'object' && 'allOf' in rule && Array.isArray(rule.allOf);
}

function mentionsCaller(where: AnyWhere): boolean {
  const isCaller = (value: unknown): value is Caller => value === caller;
  return Object.values(where).some(
    (wanted) =>
      isCaller(wanted) ||
      (typeof wanted === 'object' && wanted !== null && Object.values(wanted).some(isCaller)),
  );
}
