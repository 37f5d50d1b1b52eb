import type { Bytes } from '@maque/kit';
import {
  caller,
  Field,
  type FieldKind,
  type Fields,
  type FieldTraits,
  type FileTraits,
  type GeoPoint,
  type Json,
  type RelationTarget,
  type SpecOf,
  type ValueOf,
  type ValuesOf,
} from './field.ts';

const PLAIN = {
  presence: 'required',
  defaultValue: undefined,
  isUnique: false,
  isHidden: false,
  formerName: undefined,
} as const satisfies FieldTraits;

type RequiredField<Value, Kind extends FieldKind, Behind = undefined> = Field<
  Value,
  'required',
  Kind,
  false,
  Behind
>;

interface TextOptions {
  readonly minLength?: number;
  /** Characters (code points). Mandatory: everything that comes from outside has a bound. */
  readonly maxLength: number;
}

interface NumberOptions {
  readonly min?: number;
  readonly max?: number;
}

interface ListOptions {
  readonly minItems?: number;
  readonly maxItems: number;
}

interface ManyOptions {
  /** At most 1,000. */
  readonly maxItems: number;
}

interface JsonOptions {
  /** Of the document as UTF-8 text. */
  readonly maxBytes?: Bytes;
}

/** A document of which some fields are known. */
type DocumentOf<F extends Fields> = Partial<ValuesOf<F>> & { readonly [name: string]: Json | undefined };

interface FileOptions {
  /** Types such as `image/jpeg`, or `image/*`; any that the server takes unless said. */
  readonly accept?: readonly string[];
  /** Of one file; what the server takes at most unless said. */
  readonly maxBytes?: Bytes;
}

// 2^31 - 1: a counter or quantity beyond two thousand million is a mistake, and every engine and client holds this.
const INT_MAX = 2_147_483_647;
// 10^12 fen is ten thousand million yuan: above any payment, and sums of nine thousand of them stay exact.
const MONEY_MAX_FEN = 1_000_000_000_000;
// A document of 16 KiB keeps a page of 100 records under 2 MB.
const JSON_MAX_BYTES = 16 * 1024;

const make = <Value, Kind extends FieldKind, Behind = undefined>(
  spec: SpecOf<Kind>,
): RequiredField<Value, Kind, Behind> => new Field<Value, 'required', Kind, false, Behind>(spec, PLAIN);

const fileTraits = ({ accept = [], maxBytes = Number.POSITIVE_INFINITY }: FileOptions): FileTraits => ({
  accept,
  maxBytes,
});

/** Stands for the collection that a field is declared in until `collection` puts that in its place. */
export function selfTarget(): never {
  throw new Error("field.relation('self') belongs into the fields of a collection");
}

/** What is given where a relation leads to. */
type Towards<Target extends RelationTarget> = 'self' | (() => Target);
type BehindTowards<To> = To extends () => infer Target ? Target : 'self';

/**
 * The id of a record that must exist: of another collection, or of the same (`'self'`). A function, so that two may
 * refer to each other; one of the two then says its type: `field.relation((): RelationTarget => orders)`, and what its
 * paths lead to is looked at when the app starts.
 */
function relation<const To extends Towards<RelationTarget>>(
  target: To,
): RequiredField<string, 'relation', BehindTowards<To>> {
  return make({ kind: 'relation', target: target === 'self' ? selfTarget : target });
}

/** The ids of several records that must exist, each once, in order. */
function relations<const To extends Towards<RelationTarget>>(
  target: To,
  { maxItems }: ManyOptions,
): RequiredField<readonly string[], 'relations', BehindTowards<To>> {
  return make({ kind: 'relations', target: target === 'self' ? selfTarget : target, maxItems });
}

/** Any JSON, or a document of which some is known. */
function json<Value extends Json = Json>(options?: JsonOptions): RequiredField<Value, 'json'>;
function json<const F extends Fields>(
  options: JsonOptions & { readonly shape: F },
): RequiredField<DocumentOf<F>, 'json', { readonly fields: F }>;
function json({ maxBytes = JSON_MAX_BYTES, shape }: JsonOptions & { readonly shape?: Fields } = {}): Field {
  return make<Json, 'json'>({ kind: 'json', maxBytes, shape });
}

/** The vocabulary of fields. A field is required unless it is `.optional()` or has a `.default(…)`. */
export const field = {
  /** Text of at most `maxLength` characters; not empty unless `minLength` is 0. */
  text: ({ minLength = 1, maxLength }: TextOptions): RequiredField<string, 'text'> =>
    make({ kind: 'text', minLength, maxLength }),

  /** A whole number, by default within ± 2,147,483,647. */
  int: ({ min = -INT_MAX, max = INT_MAX }: NumberOptions = {}): RequiredField<number, 'int'> =>
    make({ kind: 'int', min, max }),

  /** An amount in fen, whole, from 0 unless told. Its name ends in `_fen`, so that nobody takes it for yuan. */
  money: ({ min = 0, max = MONEY_MAX_FEN }: NumberOptions = {}): RequiredField<number, 'money'> =>
    make({ kind: 'money', min, max }),

  bool: (): RequiredField<boolean, 'bool'> => make({ kind: 'bool' }),

  /** A moment: ISO 8601 in UTC on the wire and in code, to the millisecond. */
  datetime: (): RequiredField<string, 'datetime'> => make({ kind: 'datetime' }),

  /** One of a few fixed texts. */
  enum: <const Value extends string>(values: readonly Value[]): RequiredField<Value, 'enum'> =>
    make({ kind: 'enum', values }),

  /**
   * Any JSON, of at most `maxBytes` as UTF-8 text. `shape` tells what is known of it: those fields are checked where
   * they are given and can be filtered by (`extras.color = "red"`). Where all of it is known, `object` says it better.
   */
  json,

  /** HTML of at most `maxLength` characters, of which only what is harmless is kept: no scripts, no styles, no forms. */
  richText: ({ maxLength }: { readonly maxLength: number }): RequiredField<string, 'richText'> =>
    make({ kind: 'richText', maxLength }),

  /** A point on the map: lists can be asked for what is near, nearest first. */
  geo: (): RequiredField<GeoPoint, 'geo'> => make({ kind: 'geo' }),

  /** An upload, by its id. */
  file: (options: FileOptions = {}): RequiredField<string, 'file'> =>
    make({ kind: 'file', ...fileTraits(options) }),

  /** Several uploads in order, by their ids. */
  files: ({ maxItems, ...options }: FileOptions & ManyOptions): RequiredField<readonly string[], 'files'> =>
    make({ kind: 'files', maxItems, ...fileTraits(options) }),

  relation,
  relations,

  /** The id of a user. */
  user: (): RequiredField<string, 'user'> => make({ kind: 'user' }),

  /** The ids of several users, each once, in order: `{ members: { has: caller } }`. */
  users: ({ maxItems }: ManyOptions): RequiredField<readonly string[], 'users'> =>
    make({ kind: 'users', maxItems }),

  /**
   * The id of the user who creates the record, filled in when it is left out. Over HTTP only admins may put another
   * id there, or change it later: anybody else gets 403 FORBIDDEN, whatever the rules say. The server's own code may.
   */
  caller: (): Field<string, 'defaulted', 'user', false, undefined> =>
    new Field({ kind: 'user' }, { ...PLAIN, presence: 'defaulted', defaultValue: caller }),

  /** Named fields inside a field. */
  object: <const F extends Fields>(fields: F): RequiredField<ValuesOf<F>, 'object', { readonly fields: F }> =>
    make({ kind: 'object', fields }),

  /** Several values of the same kind, in order. */
  list: <Item extends Field>(
    item: Item,
    { minItems = 0, maxItems }: ListOptions,
  ): RequiredField<readonly ValueOf<Item>[], 'list', { readonly item: Item }> =>
    make({ kind: 'list', item, minItems, maxItems }),
};
