import type { Milliseconds } from '@maque/kit';
import { type Expression, sql } from 'kysely';
import type { Condition } from '../../define/condition.ts';
import type { Database, SqlValue } from '../../ports/database.ts';
import { documentTypeOf, placeOf } from './condition-place.ts';
import { type ConditionSubject, centerValues, parametersOf } from './condition-shape.ts';
import { ConditionSql } from './condition-sql.ts';
import { deletionTest } from './deletion-test.ts';
import { coordinatesOf, haversineExpression } from './geo-sql.ts';
import { type KeysetTerm, keysetExpression } from './keyset-sql.ts';
import { DISTANCE, extraValues, isNullable, type ListOrder, type Position } from './list-order.ts';
import type { Column, RecordModel } from './record-model.ts';
import { foundPattern, isFound } from './record-search.ts';
import { shapeOfBytes, storedBytes } from './row-bytes.ts';
import type { SearchQuery } from './search-query.ts';
import { keysOf } from './sort-terms.ts';
import { Slot } from './statement-template.ts';

export interface Selection extends ListOrder {
  readonly condition: Condition;
  /** The user that conditions on the caller are about. */
  readonly callerId: string | undefined;
  /** Only what comes after this place. */
  readonly after?: Position | undefined;
  /** Only what is found by it, in the order of the sort; `RecordStore.search` has the order of relevance. */
  readonly search?: SearchQuery | undefined;
  /** Whether that is so much that it is not listed before it is sorted; `RecordLists.select` finds it out. */
  readonly findsMany?: boolean;
  readonly limit: number;
  /** Adds to the end of each row what it takes in these columns. */
  readonly bytesOf?: readonly Column[] | undefined;
  /** For how long to look: for lists that strangers ask for. For ever unless told. */
  readonly maxMs?: Milliseconds | undefined;
}

/** A list without its values, and the values in the order of its slots. */
export interface ListParameters {
  readonly shape: string;
  readonly values: SqlValue[];
}

type ListQueryParts = Pick<Database, 'query' | 'dialect'>;

/** Splits a page of a list into its shape and its values: of the condition, measure, place and search. */
export function listParameters(
  { dialect }: Pick<Database, 'dialect'>,
  model: RecordModel,
  selection: Selection,
  about: ConditionSubject,
): ListParameters {
  const { condition, after = [], measure, search } = selection;
  const { shape, values } = parametersOf(model, condition, about);
  if (measure !== undefined) values.push(...centerValues(measure.from));
  for (const value of after) if (value !== null) values.push(value);
  if (search !== undefined) values.push(foundPattern(dialect, search));
  return { shape: `${shapeOfOrder(model, selection)} ${shape}`, values };
}

/** What of a list, but for its condition, makes another statement of it. */
function shapeOfOrder(model: RecordModel, selection: Selection): string {
  const { sort, columns, measure, search, findsMany = false, bytesOf, limit, after = [] } = selection;
  const order = keysOf(sort);
  const place = after.map((value) => (value === null ? '0' : '1'));
  const names = columns === model.columns ? ['*'] : columns.map(({ name }) => name);
  const extras = `${measure?.field ?? ''} ${search?.fields.join() ?? ''}${findsMany ? ' many' : ''}`;
  return `${model.name} ${order.join()} ${extras} ${place.join('')} ${limit} ${names.join()}${shapeOfBytes(bytesOf)}`;
}

/** The query of a page, with slots as {@link listParameters} fills them. */
export function listQuery(
  { query, dialect }: ListQueryParts,
  model: RecordModel,
  selection: Selection,
  about: ConditionSubject,
) {
  const { condition, columns, sort, after = [], limit, measure, search, bytesOf } = selection;
  const measureSlot = parametersOf(model, condition, about).values.length;
  const placeSlot = measureSlot + (measure === undefined ? 0 : 3);
  const patternSlot = placeSlot + after.filter((value) => value !== null).length;
  const valueNamed = (name: string) => orderValue(dialect, model, selection, name, measureSlot);
  const extras = extraValues(selection);
  const order = sort.map(
    ({ field, descending }) => sql`${valueNamed(field)} ${sql.raw(descending ? 'desc' : 'asc')}`,
  );
  return (
    query
      .selectFrom(model.name)
      .select(columns.map(({ name }) => name))
      .select(extras.map((name) => sql`${valueNamed(name)}`.as(name)))
      .select(storedBytes(bytesOf, model.name))
      .where((where) => {
        const parts = [
          new ConditionSql(where, dialect, about).of(model, condition),
          ...deletionTest(where, model, 'kept'),
        ];
        if (search !== undefined)
          parts.push(isFound(dialect, model, search, new Slot(patternSlot), selection));
        const place = sort.slice(0, after.length).map(
          ({ field, descending }, index): KeysetTerm => ({
            ...{ value: valueNamed(field), descending },
            ...{ isNullable: isNullable(model, field), isNull: after[index] === null },
          }),
        );
        if (place.length > 0) parts.push(keysetExpression(where, place, dialect, placeSlot));
        return where.and(parts);
      })
      .orderBy(sql`${sql.join(order)}`)
      // As it is, for an engine that plans by it: SQLite would plan anew whenever it is bound.
      .limit(sql<number>`${sql.lit(limit)}`)
  );
}

function orderValue(
  dialect: Database['dialect'],
  model: RecordModel,
  { measure }: ListOrder,
  name: string,
  measureSlot: number,
): Expression<unknown> {
  if (name !== DISTANCE) {
    const { field, column, path } = placeOf(model, name);
    if (path.length === 0) return sql.ref(column);
    return dialect.documentValue(sql.ref(column), path, documentTypeOf(field));
  }
  if (measure === undefined) throw new Error('a list by distance is measured from a point');
  const { column, path } = placeOf(model, measure.field);
  const center = [new Slot(measureSlot), new Slot(measureSlot + 1), new Slot(measureSlot + 2)] as const;
  return haversineExpression(coordinatesOf(dialect, sql.ref(column), path), center);
}
