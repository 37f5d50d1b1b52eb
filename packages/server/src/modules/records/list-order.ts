import type { GeoPoint } from '../../define/field.ts';
import type { SqlValue } from '../../ports/database.ts';
import { placeOf } from './condition-place.ts';
import type { Column, RecordModel } from './record-model.ts';
import type { SortTerm } from './sort-terms.ts';

/** How far each record is from a point. A list can be sorted by it, as by a field of the name {@link DISTANCE}. */
export interface Measure {
  /** A point: a field, or a path into a document. */
  readonly field: string;
  readonly from: GeoPoint;
}

/** No field is called so. The value is a haversine: `metersOfHaversine` tells meters. */
export const DISTANCE = '@distance';

/** What a list reads of each record, and in which order. */
export interface ListOrder {
  readonly sort: readonly SortTerm[];
  /** The columns of each row, in this order. */
  readonly columns: readonly Column[];
  readonly measure?: Measure | undefined;
}

/** A place in a list: the values of the last record seen, in the order of the sort, as they are stored. */
export type Position = readonly SqlValue[];

/** What each row has after its columns: what it is measured and sorted by, as far as that is no column of it. */
export function extraValues({ sort, columns, measure }: ListOrder): readonly string[] {
  const names = new Set(sort.map(({ field }) => field));
  if (measure !== undefined) names.add(DISTANCE);
  for (const { name } of columns) names.delete(name);
  return [...names];
}

/** A value of a row by its name, as it is stored: of a column, of the sort, or {@link DISTANCE}. */
export function rowValue(list: ListOrder, row: readonly unknown[], name: string): SqlValue {
  const column = list.columns.findIndex((one) => one.name === name);
  const index = column === -1 ? list.columns.length + extraValues(list).indexOf(name) : column;
  return row[index] as SqlValue;
}

/** The place of a row in its list, for the page after it. */
export function positionOf(list: ListOrder, row: readonly unknown[]): Position {
  return list.sort.map(({ field }) => rowValue(list, row, field));
}

/** Whether two rows may have null there. A document may lack what is declared of it, as it may be older. */
export function isNullable(model: RecordModel, field: string): boolean {
  if (field === DISTANCE) return true;
  const place = placeOf(model, field);
  return place.path.length > 0 || place.field.presence === 'optional';
}
