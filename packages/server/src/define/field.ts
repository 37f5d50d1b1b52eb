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

interface PlainSpec<Kind extends 'bool' | 'datetime' | 'user'> {
  readonly kind: Kind;
}

interface EnumSpec {
  readonly kind: 'enum';
  readonly values: readonly string[];
}

interface JsonSpec {
  readonly kind: 'json';
  readonly maxBytes: Bytes;
}

/** What a relation refers to: a collection. */
export interface RelationTarget {
  readonly type: 'collection';
  readonly fields: Fields;
}

interface RelationSpec {
  readonly kind: 'relation';
  readonly target: () => RelationTarget;
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
  | EnumSpec
  | JsonSpec
  | RelationSpec
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
}

const PLAIN = {
  presence: 'required',
  defaultValue: undefined,
  isUnique: false,
  isHidden: false,
} as const satisfies FieldTraits;

/** One field of a collection, of a body or of a query. Immutable: each method answers a new field. */
export class Field<
  Value = unknown,
  Present extends Presence = Presence,
  Kind extends FieldKind = FieldKind,
  Hidden extends boolean = boolean,
> implements FieldTraits
{
  /** Carries the type of the value; never set. */
  declare readonly valueType: Value;
  readonly spec: SpecOf<Kind>;
  readonly presence: Present;
  readonly defaultValue: unknown;
  readonly isUnique: boolean;
  /** Known to the types of clients too, which leave the field out. */
  readonly isHidden: Hidden;

  constructor(
    spec: SpecOf<Kind>,
    traits: FieldTraits & { readonly presence: Present; readonly isHidden: Hidden },
  ) {
    this.spec = spec;
    this.presence = traits.presence;
    this.defaultValue = traits.defaultValue;
    this.isUnique = traits.isUnique;
    this.isHidden = traits.isHidden;
  }

  /** May be left out, and is null then. */
  optional(): Field<Value, 'optional', Kind, Hidden> {
    return new Field(this.spec, { ...this, presence: 'optional', defaultValue: null });
  }

  /** May be left out, and has this value then. */
  default(value: Value): Field<Value, 'defaulted', Kind, Hidden> {
    return new Field(this.spec, { ...this, presence: 'defaulted', defaultValue: value });
  }

  /** No two records of the collection have the same value here; null does not count. */
  unique(): Field<Value, Present, Kind, Hidden> {
    return new Field(this.spec, { ...this, isUnique: true });
  }

  /** Never leaves the server: not in answers, filters, sorts or request bodies. For the server's own code only. */
  hidden(): Field<Value, Present, Kind, true> {
    return new Field(this.spec, { ...this, isHidden: true });
  }
}

/** Named fields: of a collection, of a body, of a query. */
export type Fields = { readonly [name: string]: Field };

type RequiredField<Value, Kind extends FieldKind> = Field<Value, 'required', Kind, false>;

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

// 2^31 - 1: a counter or quantity beyond two thousand million is a mistake, and every engine and client holds this.
const INT_MAX = 2_147_483_647;
// 10^12 fen is ten thousand million yuan: above any payment, and sums of nine thousand of them stay exact.
const MONEY_MAX_FEN = 1_000_000_000_000;
// A document of 16 KiB keeps a page of 100 records under 2 MB.
const JSON_MAX_BYTES = 16 * 1024;

const make = <Value, Kind extends FieldKind>(spec: SpecOf<Kind>): RequiredField<Value, Kind> =>
  new Field<Value, 'required', Kind, false>(spec, PLAIN);

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

  /** Any JSON, of at most `maxBytes` as UTF-8 text. Where the shape is known, `object` and `list` say it better. */
  json: <Value extends Json = Json>({
    maxBytes = JSON_MAX_BYTES,
  }: {
    readonly maxBytes?: Bytes;
  } = {}): RequiredField<Value, 'json'> => make({ kind: 'json', maxBytes }),

  /** The id of a record of another collection, which must exist. A function, so that two may refer to each other. */
  relation: (target: () => RelationTarget): RequiredField<string, 'relation'> =>
    make({ kind: 'relation', target }),

  /** The id of a user. */
  user: (): RequiredField<string, 'user'> => make({ kind: 'user' }),

  /**
   * The id of the user who creates the record, filled in when it is left out. Over HTTP only admins may put another
   * id there, or change it later: anybody else gets 403 FORBIDDEN, whatever the rules say. The server's own code may.
   */
  caller: (): Field<string, 'defaulted', 'user', false> =>
    new Field({ kind: 'user' }, { ...PLAIN, presence: 'defaulted', defaultValue: caller }),

  /** Named fields inside a field. */
  object: <const F extends Fields>(fields: F): RequiredField<ValuesOf<F>, 'object'> =>
    make({ kind: 'object', fields }),

  /** Several values of the same kind, in order. */
  list: <Item extends Field>(
    item: Item,
    { minItems = 0, maxItems }: ListOptions,
  ): RequiredField<readonly ValueOf<Item>[], 'list'> => make({ kind: 'list', item, minItems, maxItems }),
};
