import type { Comparator, Condition, Operand } from '../../define/condition.ts';
import { caller } from '../../define/field.ts';
import { likeMatches } from './like-pattern.ts';

type Scalar = string | number | boolean | null;

/**
 * Whether a record fits a condition, decided in memory: for records that are not in the database yet. Agrees with the
 * SQL that `condition-sql` makes of the same condition.
 */
export function matches(
  condition: Condition,
  record: Readonly<Record<string, unknown>>,
  callerId: string | undefined,
): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.parts.every((part) => matches(part, record, callerId));
    case 'any':
      return condition.parts.some((part) => matches(part, record, callerId));
    case 'compare':
      return compare(record[condition.field] as Scalar, condition.comparator, condition.operand, callerId);
    case 'in': {
      const value = record[condition.field] as Scalar;
      return condition.operands.includes(value as never) !== condition.negated;
    }
    case 'like': {
      const value = record[condition.field] as string | null;
      return (value !== null && likeMatches(condition.pattern, value)) !== condition.negated;
    }
    default:
      throw new Error(`cannot decide ${condition.kind} in memory`);
  }
}

function compare(
  value: Scalar,
  comparator: Comparator,
  operand: Operand,
  callerId: string | undefined,
): boolean {
  const other = operand === caller ? callerId : operand;
  // Nobody is not the caller of anything, and not "somebody else" either.
  if (other === undefined) return false;
  if (comparator === '=') return value === other;
  if (comparator === '!=') return value !== other;
  if (value === null || other === null) return false;
  const order = orderOf(value, other);
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

function orderOf(a: string | number | boolean, b: string | number | boolean): number {
  // Databases compare the bytes of UTF-8; JavaScript compares UTF-16 units, which differs beyond the basic plane.
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}
