import type { AnyCollection } from '../../define/collection.ts';
import { recordFields } from '../../define/condition.ts';
import type { Field, Fields } from '../../define/field.ts';
import type { SqlValue } from '../../ports/database.ts';
import { type ColumnCodec, codecOf } from './column-codec.ts';
import { type SortTerm, sortTermsOf } from './sort-terms.ts';

export interface Column {
  readonly name: string;
  readonly field: Field;
  readonly codec: ColumnCodec;
  /** The table that a relation refers to. */
  readonly references: string | undefined;
}

/** A declared collection as the server works with it, made once at start. */
export interface RecordModel {
  /** The collection's name, and its table's. */
  readonly name: string;
  readonly declared: AnyCollection;
  /** The declared fields, and the facts that every record has: a column each. */
  readonly fields: Fields;
  /** All columns in the order in which statements read and write them. */
  readonly columns: readonly Column[];
  readonly columnNames: readonly string[];
  /** What may leave the server. */
  readonly visibleColumns: readonly Column[];
  readonly sort: readonly SortTerm[];
}

/** @param tableOf the table of a collection that a relation refers to. */
export function createRecordModel(
  name: string,
  declared: AnyCollection,
  tableOf: (target: unknown) => string,
): RecordModel {
  const fields = recordFields(declared);
  const columns = Object.entries(fields).map(([column, field]) => ({
    name: column,
    field,
    codec: codecOf(field.spec),
    references: field.spec.kind === 'relation' ? tableOf(field.spec.target()) : undefined,
  }));
  return {
    name,
    declared,
    fields,
    columns,
    columnNames: columns.map((column) => column.name),
    visibleColumns: columns.filter(({ field }) => !field.isHidden),
    sort: sortTermsOf(declared.sort),
  };
}

/** The field of that name. @throws Error when there is none: names are checked before they get here. */
export function modelField(model: RecordModel, name: string): Field {
  const field = Object.hasOwn(model.fields, name) ? model.fields[name] : undefined;
  if (field === undefined) throw new Error(`${model.name} has no field ${name}`);
  return field;
}

/** A value of a field as it is stored. */
export function encodeValue(field: Field, value: unknown): SqlValue {
  return value === null ? null : codecOf(field.spec).encode(value);
}

/** A row of all columns as a record. */
export function recordOf(model: RecordModel, row: readonly unknown[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let index = 0; index < model.columns.length; index += 1) {
    const { name, codec } = model.columns[index] as Column;
    const stored = row[index];
    record[name] = stored === null ? null : codec.decode(stored);
  }
  return record;
}

/** What the index behind a unique field is called; a duplicate is recognised by it. */
export function uniqueIndexName(table: string, column: string): string {
  return `${table}_${column}_unique`;
}
