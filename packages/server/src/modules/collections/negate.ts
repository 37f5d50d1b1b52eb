import type { Comparator, Condition } from '../../define/condition.ts';

const OPPOSITE: Readonly<Record<Comparator, Comparator>> = {
  '=': '!=',
  '!=': '=',
  '>': '<=',
  '<=': '>',
  '<': '>=',
  '>=': '<',
};

/**
 * The condition that is true exactly where this one is false, without a "not" in it: what SQL makes of "not" and null
 * together is neither. @param isNullable whether a field may hold null, which no `<` or `>` fits.
 */
export function negate(condition: Condition, isNullable: (field: string) => boolean): Condition {
  switch (condition.kind) {
    case 'all':
      return { kind: 'any', parts: condition.parts.map((part) => negate(part, isNullable)) };
    case 'any':
      return { kind: 'all', parts: condition.parts.map((part) => negate(part, isNullable)) };
    case 'in':
    case 'like':
    case 'has':
    case 'near':
    case 'related':
      return { ...condition, negated: !condition.negated };
    case 'compare': {
      const { field, comparator } = condition;
      const opposite: Condition = { ...condition, comparator: OPPOSITE[comparator] };
      const isOrder = comparator !== '=' && comparator !== '!=';
      if (!isOrder || !isNullable(field)) return opposite;
      return { kind: 'any', parts: [opposite, { kind: 'compare', field, comparator: '=', operand: null }] };
    }
  }
}
