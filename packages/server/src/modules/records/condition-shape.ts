import type { Milliseconds } from '@maque/kit';
import type { Condition, Operand } from '../../define/condition.ts';
import { caller } from '../../define/field.ts';
import type { Near } from '../../define/rules.ts';
import type { SqlValue } from '../../ports/database.ts';
import { encodeAt, encodeInDocument, placeOf } from './condition-place.ts';
import { bandsAround, boxAround, haversineOfMeters, radians } from './geo-circle.ts';
import { toSqlPattern } from './like-pattern.ts';
import type { RecordModel } from './record-model.ts';

/** What a condition looks like without its values, and the values in the order of its slots. */
export interface ConditionParameters {
  readonly shape: string;
  readonly values: SqlValue[];
}

/** Who a condition is about, and which of its parts few records fit: what its SQL depends on beside itself. */
export interface ConditionSubject {
  /** Undefined where there is no user: whatever is compared with the caller is false then. */
  readonly callerId: string | undefined;
  /** For how long the statement may run; for ever unless told. */
  readonly maxMs?: Milliseconds | undefined;
  /** Parts that few records fit, and the first thing to look for: see `sparse-parts`. */
  readonly sparse?: ReadonlySet<Condition>;
  /** Parts that so many records fit that an index is no way to find some of them by it: circles, and comparisons beside one. */
  readonly dense?: ReadonlySet<Condition>;
}

/** Splits a condition into its shape, by which compiled SQL is kept, and its values. */
export function parametersOf(
  model: RecordModel,
  condition: Condition,
  subject: ConditionSubject,
): ConditionParameters {
  const values: SqlValue[] = [];
  const shape = shapeInto(model, condition, subject, values);
  return { shape: subject.maxMs === undefined ? shape : `${subject.maxMs} ms ${shape}`, values };
}

function shapeInto(
  model: RecordModel,
  condition: Condition,
  subject: ConditionSubject,
  values: SqlValue[],
): string {
  if (condition.kind === 'all' || condition.kind === 'any') {
    const parts = condition.parts.map((part) => shapeInto(model, part, subject, values));
    return `${condition.kind}(${parts.join(',')})`;
  }
  if (needsCaller(condition) && subject.callerId === undefined) return 'never';
  const { field } = condition;
  const name = 'negated' in condition && condition.negated ? `!${field}` : field;
  const sparse = subject.sparse?.has(condition) === true ? ' sparse' : '';
  const dense = subject.dense?.has(condition) === true ? ' dense' : '';
  switch (condition.kind) {
    case 'compare': {
      const operand = resolve(condition.operand, subject);
      if (operand !== null) values.push(encodeAt(placeOf(model, field), operand));
      return `${name}${condition.comparator}${operand === null ? 'null' : '?'}${dense}`;
    }
    case 'in': {
      const place = placeOf(model, field);
      const padded = padToPowerOfTwo(condition.operands);
      for (const operand of padded) values.push(encodeAt(place, operand));
      return `${name} in ${padded.length}${dense}`;
    }
    case 'like':
      values.push(toSqlPattern(condition.pattern));
      return `${name} like ?`;
    case 'has':
      // What is linked is an id, which is the same in a column and in a document.
      values.push(encodeInDocument(resolve(condition.operand, subject)));
      return `${name} has ?${sparse}`;
    case 'near': {
      const bands = bandsOf(model, condition, subject);
      values.push(...nearValues(condition.near), ...bands);
      return `${name} near${crossesMeridian(condition.near) ? ' across' : ''} in ${bands.length}`;
    }
    case 'related':
      return `${name}.(${shapeInto(model.behind(field), condition.part, subject, values)})${sparse}`;
  }
}

/** Whether a condition itself, whatever is inside of it, is about the caller. */
export function needsCaller(condition: Condition): boolean {
  return 'operand' in condition && condition.operand === caller;
}

function resolve<Value extends Operand>(
  operand: Value,
  { callerId }: ConditionSubject,
): Exclude<Value, symbol> | string {
  // Who is no user was sorted out before.
  return operand === caller ? (callerId ?? '') : (operand as Exclude<Value, symbol>);
}

/** Lists of 5 to 8 share one statement, and so on: repeating the last value changes nothing. */
export function padToPowerOfTwo<Value>(values: readonly Value[]): readonly Value[] {
  const last = values.at(-1);
  if (last === undefined) return values;
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...new Array<Value>(length - values.length).fill(last)];
}

/**
 * The bands by which an index of points is to find what is in a circle: none where there is no index, or where it is no way
 * to find it.
 */
export function bandsOf(
  model: RecordModel,
  condition: Condition & { readonly kind: 'near' },
  { dense }: ConditionSubject,
): readonly number[] {
  const isFound = !condition.negated && dense?.has(condition) !== true;
  const isIndexed = placeOf(model, condition.field).path.length === 0;
  return isFound && isIndexed ? padToPowerOfTwo(bandsAround(condition.near)) : [];
}

/** Whether the circle lies on both sides of the 180th meridian. */
export function crossesMeridian(near: Near): boolean {
  const { west, east } = boxAround(near);
  return west > east;
}

/** The values of a circle: its box, then {@link centerValues}, then the haversine of its radius. */
function nearValues(near: Near): SqlValue[] {
  const { south, north, west, east } = boxAround(near);
  return [south, north, west, east, ...centerValues(near), haversineOfMeters(near.meters)];
}

/** What the distance from a point is computed of in SQL. */
export function centerValues({ lat, lng }: { readonly lat: number; readonly lng: number }): SqlValue[] {
  return [lat, Math.cos(radians(lat)), lng];
}
