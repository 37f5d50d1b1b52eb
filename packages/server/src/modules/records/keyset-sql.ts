import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { DatabaseDialect, DynamicTables } from '../../ports/database.ts';
import type { SortTerm } from './sort-terms.ts';
import { Slot } from './statement-template.ts';

type Builder = ExpressionBuilder<DynamicTables, string>;

/** One field of the order, and whether the last record seen has a value there or null. */
export interface KeysetTerm extends SortTerm {
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
    builder.and([...placed.slice(0, index).map((earlier) => same(builder, earlier)), after(builder, term)]),
  );
  const [first] = placed;
  const exact = builder.or(branches);
  return first?.slot === undefined || first.isNullable
    ? exact
    : builder.and([builder(first.field, first.descending ? '<=' : '>=', first.slot), exact]);
}

type PlacedTerm = KeysetTerm & { readonly slot: Slot | undefined };

function rowValueRange(terms: readonly PlacedTerm[]): Expression<SqlBool> {
  const columns = sql.join(terms.map(({ field }) => sql.ref(field)));
  const values = sql.join(terms.map(({ slot }) => sql.val(slot)));
  return terms[0]?.descending === true
    ? sql<SqlBool>`(${columns}) < (${values})`
    : sql<SqlBool>`(${columns}) > (${values})`;
}

function same(builder: Builder, { field, slot }: PlacedTerm): Expression<SqlBool> {
  return slot === undefined ? builder(field, 'is', null) : builder(field, '=', slot);
}

function after(builder: Builder, { field, slot, descending, isNullable }: PlacedTerm): Expression<SqlBool> {
  if (slot === undefined) return descending ? sql<SqlBool>`1 = 0` : builder(field, 'is not', null);
  if (!descending) return builder(field, '>', slot);
  const less = builder(field, '<', slot);
  return isNullable ? builder.or([less, builder(field, 'is', null)]) : less;
}
