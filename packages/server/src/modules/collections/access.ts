import { type Condition, conditionOf } from '../../define/condition.ts';
import { type Caller, caller, type Fields } from '../../define/field.ts';
import {
  type AnyRule,
  type AnyWhere,
  type MomentRule,
  type OnlyRule,
  type RoleRule,
  ruleKind,
} from '../../define/rules.ts';
import type { Identity } from '../../ports/identity.ts';

/** What a rule means to one kind of caller: everything, nothing, or the records that fit a condition. */
export type Access =
  | { readonly allows: 'all' }
  | { readonly allows: 'none' }
  | { readonly allows: 'some'; readonly condition: Condition };

const ALL: Access = Object.freeze({ allows: 'all' });
const NONE: Access = Object.freeze({ allows: 'none' });

/** A rule worked out for each kind of caller, once at start. */
export type AccessByKind = Readonly<Record<Identity['kind'], Access>>;

export function accessByKind(fields: Fields, rule: AnyRule | undefined): AccessByKind {
  const accessOf = (kind: Identity['kind']) => (rule === undefined ? NONE : accessFor(fields, rule, kind));
  return {
    anonymous: accessOf('anonymous'),
    user: accessOf('user'),
    admin: accessOf('admin'),
    staff: accessOf('staff'),
    machine: accessOf('machine'),
  };
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

function accessFor(fields: Fields, rule: AnyRule, kind: Identity['kind']): Access {
  if (typeof rule === 'string') return allowsAudience(rule, kind) ? ALL : NONE;
  if (isSpecial(rule)) return kind === 'admin' ? ALL : NONE;
  if (isAnyOf(rule)) return anyOf(rule.map((part) => accessFor(fields, part, kind)));
  if (isAllOf(rule)) return allOf(rule.allOf.map((part) => accessFor(fields, part, kind)));
  if (kind === 'admin') return ALL;
  // Whoever is nobody owns nothing.
  if (kind === 'anonymous' && mentionsCaller(rule)) return NONE;
  const condition = conditionOf(fields, rule, ({ field }) => {
    throw new Error(`the rule on ${field} was not checked`);
  });
  return { allows: 'some', condition };
}

function allowsAudience(audience: AnyRule & string, kind: Identity['kind']): boolean {
  if (audience === 'nobody') return false;
  if (kind === 'admin' || audience === 'public') return true;
  return audience === 'user' && kind === 'user';
}

function anyOf(parts: readonly Access[]): Access {
  if (parts.some(({ allows }) => allows === 'all')) return ALL;
  const conditions = parts.flatMap((part) => (part.allows === 'some' ? [part.condition] : []));
  return combined('any', conditions) ?? NONE;
}

function allOf(parts: readonly Access[]): Access {
  if (parts.some(({ allows }) => allows === 'none')) return NONE;
  const conditions = parts.flatMap((part) => (part.allows === 'some' ? [part.condition] : []));
  return combined('all', conditions) ?? ALL;
}

function combined(kind: 'all' | 'any', conditions: readonly Condition[]): Access | undefined {
  const [first, ...others] = conditions;
  if (first === undefined) return undefined;
  return { allows: 'some', condition: others.length === 0 ? first : { kind, parts: conditions } };
}

function isAnyOf(rule: AnyRule): rule is readonly AnyRule[] {
  return Array.isArray(rule);
}

function isSpecial(rule: AnyRule): rule is RoleRule | OnlyRule | MomentRule {
  return typeof rule === 'object' && ruleKind in rule;
}

function isAllOf(
  rule: AnyWhere | { readonly allOf: readonly AnyRule[] },
): rule is { readonly allOf: readonly AnyRule[] } {
  return 'allOf' in rule;
}

function mentionsCaller(where: AnyWhere): boolean {
  const isCaller = (value: unknown): value is Caller => value === caller;
  return Object.values(where).some(
    (wanted) =>
      isCaller(wanted) ||
      (typeof wanted === 'object' && wanted !== null && Object.values(wanted).some(isCaller)),
  );
}
