import type { Comparator, Condition, Operand } from '../../define/condition.ts';
import { caller, type GeoPoint } from '../../define/field.ts';
import { valueAt } from './condition-place.ts';
import { needsCaller } from './condition-shape.ts';
import { haversine, haversineOfMeters } from './geo-circle.ts';
import { likeMatches } from './like-pattern.ts';
import type { RecordModel } from './record-model.ts';

type Scalar = string | number | boolean | null;
export type RelatedCondition = Condition & { readonly kind: 'related' };

/** What {@link matches} is about. */
export interface MatchSubject {
  readonly model: RecordModel;
  readonly callerId: string | undefined;
  /** Whether a record behind a relation fits; only the database knows. */
  readonly isRelated: (condition: RelatedCondition) => boolean;
}

/**
 * Whether a record fits a condition, decided in memory: for records that are not in the database yet. Agrees with the
 * SQL that `condition-sql` makes of the same condition.
 */
export function matches(
  subject: MatchSubject,
  condition: Condition,
  record: Readonly<Record<string, unknown>>,
): boolean {
  if (condition.kind === 'all') return condition.parts.every((part) => matches(subject, part, record));
  if (condition.kind === 'any') return condition.parts.some((part) => matches(subject, part, record));
  // Nobody is not the caller of anything, and not "somebody else" either.
  if (needsCaller(condition) && subject.callerId === undefined) return false;
  if (condition.kind === 'related') return subject.isRelated(condition) !== condition.negated;
  const value = valueAt(subject.model, condition.field, record);
  switch (condition.kind) {
    case 'compare':
      return compare(value as Scalar, condition.comparator, resolve(condition.operand, subject));
    case 'in':
      return condition.operands.includes(value as never) !== condition.negated;
    case 'like':
      return (value !== null && likeMatches(condition.pattern, value as string)) !== condition.negated;
    case 'has': {
      const values = value as readonly unknown[] | null;
      return (values?.includes(resolve(condition.operand, subject)) === true) !== condition.negated;
    }
    case 'near': {
      const point = value as GeoPoint | null;
      const radius = haversineOfMeters(condition.near.meters);
      return (point !== null && haversine(condition.near, point) <= radius) !== condition.negated;
    }
  }
}

function resolve(operand: Operand, { callerId }: MatchSubject): Scalar {
  return operand === caller ? (callerId ?? null) : operand;
}

function compare(value: Scalar, comparator: Comparator, other: Scalar): boolean {
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
