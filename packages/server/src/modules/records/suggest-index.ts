import type { Condition } from '../../define/condition.ts';
import { DISTANCE } from './list-order.ts';
import type { SortTerm } from './sort-terms.ts';

type Comparison = Condition & { readonly kind: 'compare' | 'in' | 'like' };

/**
 * The index that serves a list, as it is declared: what is compared with one value first, then the order, or what is
 * compared with a range where the order is nobody's wish. Empty where no index can help.
 */
export function suggestIndex(condition: Condition, sort: readonly SortTerm[]): readonly string[] {
  const comparisons = comparisonsIn(condition);
  const fixed = [...new Set(comparisons.filter(isFixed).map(({ field }) => field))];
  const order = sort
    .slice(0, -1)
    .filter(({ field }) => !fixed.includes(field) && field !== DISTANCE)
    .map(({ field, descending }) => (descending ? `-${field}` : field));
  if (fixed.length > 0 || order.length > 0) return [...fixed, ...order];
  const range = comparisons.find((one) => one.kind === 'compare' && one.comparator !== '!=');
  return range === undefined ? [] : [range.field];
}

/** What every record of the list must fit. */
function comparisonsIn(condition: Condition): readonly Comparison[] {
  if (condition.kind === 'all') return condition.parts.flatMap(comparisonsIn);
  const isComparison = condition.kind === 'compare' || condition.kind === 'in' || condition.kind === 'like';
  return isComparison ? [condition] : [];
}

function isFixed(one: Comparison): boolean {
  if (one.kind === 'compare') return one.comparator === '=';
  return one.kind === 'in' && !one.negated;
}
