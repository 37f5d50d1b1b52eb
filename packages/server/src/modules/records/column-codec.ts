import type { FieldSpec } from '../../define/field.ts';
import type { SqlValue } from '../../ports/database.ts';
import { isoTime } from './iso-time.ts';

/** How values of a kind are stored; what may become another kind without rewriting a table shares its storage. */
export type Storage = 'text' | 'integer' | 'boolean' | 'time' | 'document';

/** How one kind of value is kept in a column and comes back. Null is null everywhere and never gets here. */
export interface ColumnCodec {
  readonly storage: Storage;
  encode(value: unknown): SqlValue;
  decode(stored: unknown): unknown;
  /** The stored value as JSON text, without making the value in between. */
  toJson(stored: unknown): string;
}

const text: ColumnCodec = {
  storage: 'text',
  encode: (value) => value as string,
  decode: (stored) => stored,
  toJson: (stored) => JSON.stringify(stored),
};

const integer: ColumnCodec = {
  storage: 'integer',
  encode: (value) => value as number,
  decode: (stored) => stored,
  toJson: (stored) => String(stored),
};

const boolean: ColumnCodec = {
  storage: 'boolean',
  encode: (value) => (value === true ? 1 : 0),
  decode: (stored) => stored === 1,
  toJson: (stored) => (stored === 1 ? 'true' : 'false'),
};

/** Milliseconds since the epoch: 6 bytes where the text takes 24, and lists by time are what indexes are for. */
const time: ColumnCodec = {
  storage: 'time',
  encode: (value) => Date.parse(value as string),
  decode: (stored) => isoTime(stored as number),
  toJson: (stored) => `"${isoTime(stored as number)}"`,
};

/** JSON as text, which goes into answers as it is. */
const json: ColumnCodec = {
  storage: 'document',
  encode: (value) => JSON.stringify(value),
  decode: (stored) => JSON.parse(stored as string),
  toJson: (stored) => stored as string,
};

const CODECS: Readonly<Record<FieldSpec['kind'], ColumnCodec>> = {
  text,
  enum: text,
  relation: text,
  user: text,
  richText: text,
  file: text,
  files: json,
  relations: json,
  users: json,
  geo: json,
  int: integer,
  money: integer,
  bool: boolean,
  datetime: time,
  json,
  object: json,
  list: json,
};

/** The one place that maps kinds of fields to columns. */
export function codecOf(spec: FieldSpec): ColumnCodec {
  return CODECS[spec.kind];
}
