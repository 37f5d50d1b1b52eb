import type { Bytes } from '@maque/kit';
import { sql } from 'kysely';
import type { Field, FieldSpec, Fields } from '../../define/field.ts';
import type { Column } from './record-model.ts';

/** Numbers, booleans and times as text; `-9007199254740991` has 17 characters, a fraction up to 24. */
const NUMBER_BYTES: Bytes = 24;
/** With quotation marks and a comma. Ids have 64 characters at most, all of them ASCII. */
const ID_BYTES: Bytes = 67;
/** UTF-8 takes up to four bytes a character; JSON writes some control characters as six: `\u001f`. */
const BYTES_A_CHARACTER = { column: 4, document: 6 };

/** The most that a value of a field takes as it is stored, by what its declaration allows. */
export function widestValue(spec: FieldSpec, place: 'column' | 'document' = 'column'): Bytes {
  switch (spec.kind) {
    case 'text':
    case 'richText':
      return spec.maxLength * BYTES_A_CHARACTER[place] + 2;
    case 'enum':
      return Math.max(...spec.values.map((value) => value.length)) * BYTES_A_CHARACTER[place] + 2;
    case 'relation':
    case 'user':
    case 'file':
      return ID_BYTES;
    case 'relations':
    case 'users':
    case 'files':
      return spec.maxItems * ID_BYTES + 2;
    case 'json':
      return spec.maxBytes;
    case 'object':
      return widestObject(spec.fields);
    case 'list':
      return spec.maxItems * (widestItem(spec.item) + 1) + 2;
    case 'geo':
      return 2 * (NUMBER_BYTES + 8);
    case 'int':
    case 'money':
    case 'bool':
    case 'datetime':
      return NUMBER_BYTES + 2;
  }
}

function widestItem({ spec }: Field): Bytes {
  return widestValue(spec, 'document');
}

function widestObject(fields: Fields): Bytes {
  // `"name":value,`
  return Object.entries(fields).reduce((sum, [name, field]) => sum + name.length + 4 + widestItem(field), 2);
}

/** The most that a row of these columns takes. */
export function widestRow(columns: readonly Column[]): Bytes {
  return columns.reduce((sum, { widest }) => sum + widest, 0);
}

/**
 * What a row takes in those of these columns that may be long, to be selected after all else; nothing where none are given.
 * SQLite and MySQL know it without reading what is in them.
 */
export function storedBytes(columns: readonly Column[] | undefined, table: string) {
  if (columns === undefined) return [];
  const long = columns.filter(({ widest }) => widest > ID_BYTES);
  const lengths = long.map(({ name }) => sql`coalesce(octet_length(${sql.ref(`${table}.${name}`)}), 0)`);
  const sum = lengths.length === 0 ? sql<number>`0` : sql<number>`${sql.join(lengths, sql` + `)}`;
  return [sum.as('storedBytes')];
}

/** The part of a statement's shape for what is to be measured. */
export function shapeOfBytes(columns: readonly Column[] | undefined): string {
  return columns === undefined ? '' : ` bytes of ${columns.map(({ name }) => name).join()}`;
}

/**
 * How many of these rows, the first in any case, are within so many bytes together.
 * @param rows whose last value is what {@link storedBytes} tells.
 */
export function rowsWithin(rows: readonly (readonly unknown[])[], maxBytes: Bytes): number {
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    bytes += Number(row.at(-1));
    if (bytes > maxBytes) return Math.max(1, index);
  }
  return rows.length;
}
