import { fieldAt, itemOf } from '../../define/condition.ts';
import type { Field } from '../../define/field.ts';
import type { DocumentType, SqlValue } from '../../ports/database.ts';
import { encodeValue, modelField, type RecordModel } from './record-model.ts';

/** Where the value of a field is kept: in a column, or at a path of the document that the column holds. */
export interface Place {
  readonly field: Field;
  readonly column: string;
  /** Empty where the column is the value. */
  readonly path: readonly string[];
}

/** @param name a field's, or a path such as `address.city`. @throws Error when there is none: names are checked before. */
export function placeOf(model: RecordModel, name: string): Place {
  if (!name.includes('.')) return { field: modelField(model, name), column: name, path: [] };
  const field = fieldAt(model.fields, name);
  const [column = '', ...path] = name.split('.');
  if (field === undefined) throw new Error(`${model.name} has nothing at ${name}`);
  return { field, column, path };
}

/** A value as it is compared with what is kept there. */
export function encodeAt({ field, path }: Place, value: unknown): SqlValue {
  return path.length === 0 ? encodeValue(field, value) : encodeInDocument(value as string | number | boolean);
}

/** A value as it is compared with what `DatabaseDialect.documentValue` and `documentHas` find. */
export function encodeInDocument(value: string | number | boolean): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** What values of a field are inside a document. */
export function documentTypeOf({ spec }: Field): DocumentType {
  if (spec.kind === 'bool') return 'boolean';
  return spec.kind === 'int' || spec.kind === 'money' ? 'number' : 'text';
}

/**
 * What a record has there; null where it has nothing, or something of another type than is declared: a document may be
 * older than its shape, and as a text where a list should be it would have every piece of itself among its items.
 */
export function valueAt(
  model: RecordModel,
  name: string,
  record: Readonly<Record<string, unknown>>,
): unknown {
  const { field, column, path } = placeOf(model, name);
  let value: unknown = record[column];
  for (const step of path) {
    value = isObject(value) && Object.hasOwn(value, step) ? value[step] : null;
  }
  if (itemOf(field) !== undefined) return Array.isArray(value) ? value : null;
  if (field.spec.kind === 'geo') return isPoint(value) ? value : null;
  // A column holds what its field says.
  if (path.length === 0) return value ?? null;
  return typeof value === JSON_TYPE[documentTypeOf(field)] ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPoint(value: unknown): boolean {
  return isObject(value) && typeof value.lat === 'number' && typeof value.lng === 'number';
}

const JSON_TYPE = { text: 'string', number: 'number', boolean: 'boolean' } as const;
