import { type Condition, recordFields } from './condition.ts';
import type { RelationTarget } from './field.ts';
import { conditionOf } from './read-where.ts';
import { type AnyRule, type AnyWhere, ruleKind } from './rules.ts';

/** The conditions on records that a rule names, whoever they are for; what is wrong with one is left out. */
export function conditionsIn(declared: RelationTarget, rule: AnyRule | undefined): readonly Condition[] {
  return wheresIn(rule).map((where) => conditionOf(recordFields(declared), where, () => {}));
}

function wheresIn(rule: AnyRule | undefined): readonly AnyWhere[] {
  if (typeof rule !== 'object' || rule === null) return [];
  if (Array.isArray(rule)) return (rule as readonly AnyRule[]).flatMap(wheresIn);
  if (ruleKind in rule) return 'where' in rule ? [rule.where as AnyWhere] : [];
  return 'allOf' in rule && Array.isArray(rule.allOf)
    ? wheresIn(rule.allOf as AnyRule[])
    : [rule as AnyWhere];
}
