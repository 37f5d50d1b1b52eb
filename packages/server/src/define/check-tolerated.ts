import type { AnyCollection } from './collection.ts';
import { type Condition, recordFields, targetOf } from './condition.ts';
import type { RelationTarget } from './field.ts';
import type { Problems } from './problems.ts';
import { conditionsIn } from './rule-conditions.ts';

const DECIDES = {
  en: 'a rule of {rules} depends on {field}, so that callers would be shown for a while what they may no longer see',
  zh: '{rules} 的规则取决于 {field}，调用者会在一段时间内看到已无权查看的内容',
};

/** What rules for reading depend on: which collections' rules, by collection and field. */
type Deciding = Map<RelationTarget, Map<string, string>>;

/**
 * Checks that no cached answer outlives a right: a field whose changes drop no answers must not decide who may see what,
 * neither in the rules of its own collection nor, behind a relation, in those of another.
 */
export function checkTolerated(
  collections: Readonly<Record<string, AnyCollection>>,
  problems: Problems,
): void {
  const deciding: Deciding = new Map();
  for (const [name, declared] of Object.entries(collections)) {
    const { list, read, fields = {} } = declared.rules;
    const rules = [list, read, ...Object.values(fields).map((one) => one.read)];
    for (const condition of rules.flatMap((rule) => conditionsIn(declared, rule)))
      addFields(declared, condition, name, deciding);
  }
  for (const [name, declared] of Object.entries(collections)) {
    for (const field of declared.cache?.tolerates ?? []) {
      const rules = deciding.get(declared)?.get(field);
      if (rules === undefined) continue;
      const reason = { reason: DECIDES, field, rules };
      problems.add('RULE_INVALID', `collections.${name}.cache.tolerates`, reason);
    }
  }
}

function addFields(of: RelationTarget, condition: Condition, rules: string, to: Deciding): void {
  if ('parts' in condition) {
    for (const part of condition.parts) addFields(of, part, rules, to);
    return;
  }
  const [column = ''] = condition.field.split('.', 1);
  const known = to.get(of) ?? new Map<string, string>();
  to.set(of, known.set(column, rules));
  const field = recordFields(of)[column];
  const behind = condition.kind === 'related' && field !== undefined ? targetOf(field) : undefined;
  if (condition.kind === 'related' && behind !== undefined) addFields(behind, condition.part, rules, to);
}
