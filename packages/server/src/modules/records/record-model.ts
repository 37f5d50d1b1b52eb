import type { Bytes } from '@maque/kit';
import type { AnyCollection } from '../../define/collection.ts';
import { recordFields, targetOf } from '../../define/condition.ts';
import type { Field, FieldSpec, Fields } from '../../define/field.ts';
import type { SqlValue } from '../../ports/database.ts';
import { type ColumnCodec, codecOf } from './column-codec.ts';
import { widestRow, widestValue } from './row-bytes.ts';
import { type SortTerm, sortTermsOf } from './sort-terms.ts';
import { tableName, UPLOADS_TABLE } from './table-name.ts';

export interface Column {
  readonly name: string;
  readonly field: Field;
  readonly codec: ColumnCodec;
  /** The most that a value takes as it is stored. */
  readonly widest: Bytes;
  /** The table that a relation or a file refers to. */
  readonly references: string | undefined;
}

/**
 * A field of several relations, users or files. Its ids stand in the record's own column, so that reading needs no
 * join, and once more in a table of links (`recordId`, `targetId`, `position`), where they are found by the target and
 * where none can lead nowhere. Links go with their record by themselves.
 */
export interface Link {
  readonly field: string;
  /** The table of the links. */
  readonly table: string;
  /** The table that the links refer to; users are none, as those who were erased may still be named. */
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
  /** The most that a row of all columns takes. */
  readonly widestRow: Bytes;
  /** What may leave the server. */
  readonly visibleColumns: readonly Column[];
  /** The fields of several others. */
  readonly links: readonly Link[];
  /** The relations to collections that keep deleted records, which are none to relate to. */
  readonly perishable: readonly string[];
  readonly sort: readonly SortTerm[];
  /** The model behind a field of one relation or several. @throws Error when it is none. */
  behind(name: string): RecordModel;
}

/**
 * @param tableOf the table of a collection that a relation refers to.
 * @param modelOf its model, which need not be there yet.
 */
export function createRecordModel(
  name: string,
  declared: AnyCollection,
  tableOf: (target: unknown) => string,
  modelOf: (target: unknown) => RecordModel,
): RecordModel {
  const fields = recordFields(declared);
  const columns = Object.entries(fields).map(([column, field]) => ({
    name: column,
    field,
    codec: codecOf(field.spec),
    widest: widestValue(field.spec),
    references: referenceOf(field.spec, tableOf),
  }));
  return {
    name,
    declared,
    fields,
    columns,
    columnNames: columns.map((column) => column.name),
    widestRow: widestRow(columns),
    visibleColumns: columns.filter(({ field }) => !field.isHidden),
    links: Object.entries(fields).flatMap(([field, { spec }]) => linkOf(name, field, spec, tableOf)),
    perishable: Object.keys(fields).filter(
      (field) => targetOf(fields[field] as Field)?.softDelete !== undefined,
    ),
    sort: sortTermsOf(declared.sort),
    behind: (relation) => {
      const target = targetOf(fields[relation] as Field);
      if (target === undefined) throw new Error(`${name}.${relation} is no relation`);
      return modelOf(target);
    },
  };
}

function referenceOf(spec: FieldSpec, tableOf: (target: unknown) => string): string | undefined {
  if (spec.kind === 'file') return UPLOADS_TABLE;
  return spec.kind === 'relation' ? tableOf(spec.target()) : undefined;
}

function linkOf(
  collection: string,
  field: string,
  spec: FieldSpec,
  tableOf: (target: unknown) => string,
): Link[] {
  const table = tableName(collection, field);
  if (spec.kind === 'users') return [{ field, table, references: undefined }];
  if (spec.kind === 'files') return [{ field, table, references: UPLOADS_TABLE }];
  return spec.kind === 'relations' ? [{ field, table, references: tableOf(spec.target()) }] : [];
}

/** The field of that name. @throws Error when there is none: names are checked before they get here. */
export function modelField(model: RecordModel, name: string): Field {
  const field = Object.hasOwn(model.fields, name) ? model.fields[name] : undefined;
  if (field === undefined) throw new Error(`${model.name} has no field ${name}`);
  return field;
}

/** Where the ids of a field of several are kept one by one; undefined where it is no such field. */
export function linkNamed(model: RecordModel, name: string): Link | undefined {
  return model.links.find(({ field }) => field === name);
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
