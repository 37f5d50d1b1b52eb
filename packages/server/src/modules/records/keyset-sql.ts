import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { DatabaseDialect, DynamicTables } from '../../ports/database.ts';
import { Slot } from './statement-template.ts';

type Builder = ExpressionBuilder<DynamicTables, string>;

/** One value of the order, and whether the last record seen has one there or null. */
export interface KeysetTerm {
  readonly value: Expression<unknown>;
  readonly descending: boolean;
  readonly isNullable: boolean;
  readonly isNull: boolean;
}

/**
 * "After that record, in this order": the condition of the next page. Slots are numbered from `firstSlot`, one for each
 * term that is not null. Null is less than every value, in every database we run on.
 */
export function keysetExpression(
  builder: Builder,
  terms: readonly KeysetTerm[],
  dialect: DatabaseDialect,
  firstSlot: number,
): Expression<SqlBool> {
  let next = firstSlot;
  const placed = terms.map((term) => ({ ...term, slot: term.isNull ? undefined : new Slot(next++) }));
  const isUniform = placed.every(
    ({ descending, isNullable, slot }) =>
      !isNullable && slot !== undefined && descending === terms[0]?.descending,
  );
  if (isUniform && dialect.rowValueRanges) return rowValueRange(placed);

  // (a after A) or (a = A and b after B) or …; the bound on the first field alone lets the index start there.
  const branches = placed.map((term, index) =>
    builder.and([...placed.slice(0, index).map(same), after(term)]),
  );
  const [first] = placed;
  const exact = builder.or(branches);
  if (first?.slot === undefined || first.isNullable) return exact;
  const { value, slot, descending } = first;
  const start = descending ? sql<SqlBool>`${value} <= ${slot}` : sql<SqlBool>`${value} >= ${slot}`;
  return builder.and([start, exact]);
}

type PlacedTerm = KeysetTerm & { readonly slot: Slot | undefined };

function rowValueRange(terms: readonly PlacedTerm[]): Expression<SqlBool> {
  const kept = sql.join(terms.map(({ value }) => value));
  const seen = sql.join(terms.map(({ slot }) => slot));
  return terms[0]?.descending === true
    ? sql<SqlBool>`(${kept}) < (${seen})`
    : sql<SqlBool>`(${kept}) > (${seen})`;
}

function same({ value, slot }: PlacedTerm): Expression<SqlBool> {
  return slot === undefined ? sql<SqlBool>`${value} is null` : sql<SqlBool>`${value} = ${slot}`;
}

function after({ value, slot, descending, isNullable }: PlacedTerm): Expression<SqlBool> {
  if (slot === undefined) return descending ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${value} is not null`;
  if (!descending) return sql<SqlBool>`${value} > ${slot}`;
  return isNullable
    ? sql<SqlBool>`(${value} < ${slot} or ${value} is null)`
    : sql<SqlBool>`${value} < ${slot}`;
}
