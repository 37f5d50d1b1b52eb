import type { Bytes } from '@maque/kit';

interface TextSpec {
  readonly kind: 'text';
  readonly minLength: number;
  readonly maxLength: number;
}

interface NumberSpec<Kind extends 'int' | 'money'> {
  readonly kind: Kind;
  readonly min: number;
  readonly max: number;
}

interface PlainSpec<Kind extends 'bool' | 'datetime' | 'user' | 'geo'> {
  readonly kind: Kind;
}

interface RichTextSpec {
  readonly kind: 'richText';
  /** Characters of the HTML, tags included. */
  readonly maxLength: number;
}

interface UsersSpec {
  readonly kind: 'users';
  readonly maxItems: number;
}

interface EnumSpec {
  readonly kind: 'enum';
  readonly values: readonly string[];
}

interface JsonSpec {
  readonly kind: 'json';
  readonly maxBytes: Bytes;
  /** What is known of the document: these are checked where they are given, and can be filtered by; others are free. */
  readonly shape: Fields | undefined;
}

/** What a relation refers to: a collection. */
export interface RelationTarget {
  readonly type: 'collection';
  readonly fields: Fields;
  readonly authors?: boolean;
  readonly softDelete?: { readonly keepFor: string } | undefined;
}

interface RelationSpec {
  readonly kind: 'relation';
  readonly target: () => RelationTarget;
}

interface RelationsSpec {
  readonly kind: 'relations';
  readonly target: () => RelationTarget;
  readonly maxItems: number;
}

/** What uploads a field takes. */
interface FileTraits {
  /** Types such as `image/jpeg`, or `image/*`; what the bytes of a file say that it is counts. */
  readonly accept: readonly string[];
  readonly maxBytes: Bytes;
}

interface FileSpec extends FileTraits {
  readonly kind: 'file';
}

interface FilesSpec extends FileTraits {
  readonly kind: 'files';
  readonly maxItems: number;
}

interface ObjectSpec {
  readonly kind: 'object';
  readonly fields: Fields;
}

interface ListSpec {
  readonly kind: 'list';
  readonly item: Field;
  readonly minItems: number;
  readonly maxItems: number;
}

/** What a field holds, as data. `Field` wraps it with the types. */
export type FieldSpec =
  | TextSpec
  | NumberSpec<'int'>
  | NumberSpec<'money'>
  | PlainSpec<'bool'>
  | PlainSpec<'datetime'>
  | PlainSpec<'user'>
  | PlainSpec<'geo'>
  | RichTextSpec
  | UsersSpec
  | EnumSpec
  | JsonSpec
  | RelationSpec
  | RelationsSpec
  | FileSpec
  | FilesSpec
  | ObjectSpec
  | ListSpec;

export type FieldKind = FieldSpec['kind'];

type SpecOf<Kind extends FieldKind> = FieldSpec & { readonly kind: Kind };

/** Whether a value must be given, is filled in when it is not, or may be null. */
export type Presence = 'required' | 'defaulted' | 'optional';

/**
 * Whoever makes the request: in conditions `{ userId: caller }`, and the default of `field.caller()`.
 * Registered by name, so that it is the same in an app's own copy of this package and in the server's.
 */
export const caller: unique symbol = Symbol.for('maque.caller');
export type Caller = typeof caller;

interface FieldTraits {
  readonly presence: Presence;
  readonly defaultValue: unknown;
  readonly isUnique: boolean;
  readonly isHidden: boolean;
  readonly formerName: string | undefined;
}

/**
 * Where a path such as `category.name` or `address.city` goes on: the fields behind a relation, or inside a document.
 * `'self'`: behind it is a record of the same collection.
 */
export type Inner = { readonly fields: Fields } | 'self';

const PLAIN = {
  presence: 'required',
  defaultValue: undefined,
  isUnique: false,
  isHidden: false,
  formerName: undefined,
} as const satisfies FieldTraits;

/** One field of a collection, of a body or of a query. Immutable: each method answers a new field. */
export class Field<
  Value = unknown,
  Present extends Presence = Presence,
  Kind extends FieldKind = FieldKind,
  Hidden extends boolean = boolean,
  Behind = unknown,
> implements FieldTraits
{
  /** Carries the type of the value; never set. */
  declare readonly valueType: Value;
  /** Carries the type of what paths through this field lead to: {@link Inner}, or nothing. Never set. */
  declare readonly behind: Behind;
  readonly spec: SpecOf<Kind>;
  readonly presence: Present;
  readonly defaultValue: unknown;
  readonly isUnique: boolean;
  /** Known to the types of clients too, which leave the field out. */
  readonly isHidden: Hidden;
  /** What the column was called before, so that its values are kept when the field is renamed. */
  readonly formerName: string | undefined;

  constructor(
    spec: SpecOf<Kind>,
    traits: FieldTraits & { readonly presence: Present; readonly isHidden: Hidden },
  ) {
    this.spec = spec;
    this.presence = traits.presence;
    this.defaultValue = traits.defaultValue;
    this.isUnique = traits.isUnique;
    this.isHidden = traits.isHidden;
    this.formerName = traits.formerName;
  }

  /** May be left out, and is null then. */
  optional(): Field<Value, 'optional', Kind, Hidden, Behind> {
    return new Field(this.spec, { ...this, presence: 'optional', defaultValue: null });
  }

  /** May be left out, and has this value then. */
  default(value: Value): Field<Value, 'defaulted', Kind, Hidden, Behind> {
    return new Field(this.spec, { ...this, presence: 'defaulted', defaultValue: value });
  }

  /** No two records of the collection have the same value here; null does not count. */
  unique(): Field<Value, Present, Kind, Hidden, Behind> {
    return new Field(this.spec, { ...this, isUnique: true });
  }

  /** Never leaves the server: not in answers, filters, sorts or request bodies. For the server's own code only. */
  hidden(): Field<Value, Present, Kind, true, Behind> {
    return new Field(this.spec, { ...this, isHidden: true });
  }

  /** Had this name before: the migration renames the column instead of refusing to lose it. */
  renamedFrom(name: string): Field<Value, Present, Kind, Hidden, Behind> {
    return new Field(this.spec, { ...this, formerName: name });
  }
}

/** Named fields: of a collection, of a body, of a query. */
export type Fields = { readonly [name: string]: Field };

type RequiredField<Value, Kind extends FieldKind, Behind = undefined> = Field<
  Value,
  'required',
  Kind,
  false,
  Behind
>;

/** A value that JSON can carry. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** What a field's value looks like to code. */
export type ValueOf<F> = F extends { readonly valueType: infer Value; readonly presence: infer Present }
  ? Present extends 'optional'
    ? Value | null
    : Value
  : never;

/** The values of several fields, all of them there: what was left out holds its default or null. */
export type ValuesOf<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

type NamesWithPresence<F extends Fields, Present> = {
  [Name in keyof F]: F[Name] extends { readonly presence: Present } ? Name : never;
}[keyof F];

/** What gives a field its value: in objects, what is optional or has a default may be left out. */
export type InputOf<F> =
  F extends Field<infer Value, infer Present, infer Kind, infer _Hidden, infer Behind>
    ? InputValueOf<Value, Kind, Behind> | (Present extends 'optional' ? null : never)
    : never;

type InputValueOf<Value, Kind, Behind> = [Kind, Behind] extends [
  'object',
  { readonly fields: infer Inside extends Fields },
]
  ? InputsOf<Inside>
  : [Kind, Behind] extends ['list', { readonly item: infer Item }]
    ? readonly InputOf<Item>[]
    : Value;

/** What gives several fields their values: the required ones, and as many of the others as one likes. */
export type InputsOf<F extends Fields> = {
  readonly [Name in NamesWithPresence<F, 'required'>]: InputOf<F[Name]>;
} & {
  readonly [Name in NamesWithPresence<F, 'optional' | 'defaulted'>]?: InputOf<F[Name]>;
};

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

/** A point on the Earth, WGS-84 or GCJ-02 as the app decides (`wx.getLocation` gives either), in degrees. */
export interface GeoPoint {
  /** Latitude, -90 to 90. */
  readonly lat: number;
  /** Longitude, -180 to 180. */
  readonly lng: number;
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
