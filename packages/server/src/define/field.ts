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
export interface FileTraits {
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

export type SpecOf<Kind extends FieldKind> = FieldSpec & { readonly kind: Kind };

/** Whether a value must be given, is filled in when it is not, or may be null. */
export type Presence = 'required' | 'defaulted' | 'optional';

/**
 * Whoever makes the request: in conditions `{ userId: caller }`, and the default of `field.caller()`.
 * Registered by name, so that it is the same in an app's own copy of this package and in the server's.
 */
export const caller: unique symbol = Symbol.for('maque.caller');
export type Caller = typeof caller;

export interface FieldTraits {
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

/** A point on the Earth, WGS-84 or GCJ-02 as the app decides (`wx.getLocation` gives either), in degrees. */
export interface GeoPoint {
  /** Latitude, -90 to 90. */
  readonly lat: number;
  /** Longitude, -180 to 180. */
  readonly lng: number;
}
