import type { ComputedField } from './computed.ts';
import {
  Field,
  type FieldKind,
  type Fields,
  type InputOf,
  type InputsOf,
  type RelationTarget,
  type ValuesOf,
} from './field.ts';
import { selfTarget } from './field-vocabulary.ts';
import type { AnyHooks, Hooks } from './hooks.ts';
import type { AnyPersonal, Personal } from './personal.ts';
import type { FactFieldsOf, FactsOf, RecordFacts } from './record-facts.ts';
import type { AnyRule, Operation, Rules } from './rules.ts';

type OrderedKind = 'text' | 'int' | 'money' | 'bool' | 'datetime' | 'enum' | 'relation' | 'user' | 'file';

type NamesOfKind<F extends Fields, Kind extends FieldKind> = {
  [Name in keyof F]: F[Name] extends Field<infer _Value, infer _Present, Kind> ? Name : never;
}[keyof F] &
  string;

/** Paths into documents: `address.city`, `address.street.number`. */
type DocumentPath<F> = {
  [Name in keyof F & string]: F[Name] extends Field<
    infer _V,
    infer _P,
    'object' | 'json',
    infer _H,
    infer Inside
  >
    ? Inside extends { readonly fields: infer Inner extends Fields }
      ? `${Name}.${NamesOfKind<Inner, OrderedKind> | DocumentPath<Inner>}`
      : never
    : never;
}[keyof F & string];

type SortableName<F extends Fields> = NamesOfKind<F, OrderedKind> | DocumentPath<F> | keyof RecordFacts;

/** A field, or a path into a document, to order by, `-` before it for descending. */
export type SortKey<F extends Fields> = SortableName<F> | `-${SortableName<F>}`;

/** What an index is over: what can be ordered by, or a point on the map. */
export type IndexKey<F extends Fields> = SortKey<F> | NamesOfKind<F, 'geo'>;

export interface CacheOptions<F extends Fields> {
  /** How old an answer may be that anybody sees, browsers and CDNs included: `'30s'`, `'5m'`. */
  readonly maxAge: string;
  /**
   * Fields whose changes alone do not drop cached lists; they show up within `maxAge` and `staleFor` together. For what
   * changes with every order, such as stock: without this a busy shop's product pages would never be found in the cache.
   * Records that are read one by one are not kept then, and always as they are. No rule for reading may depend on them.
   */
  readonly tolerates?: readonly (keyof F & string)[];
  /** How long beyond that an older answer may still be sent while a new one is made: `'1m'`. Not at all unless said. */
  readonly staleFor?: string;
}

export interface SoftDelete {
  /** Deleted records are gone for good after this time: `'30d'`. */
  readonly keepFor: string;
}

export interface CollectionOptions<
  F extends Fields,
  ComputedAs extends Fields = Fields,
  Authors extends boolean = boolean,
  Deletion extends SoftDelete | undefined = SoftDelete | undefined,
> {
  readonly fields: F;
  /** Fields that answers have besides, worked out from the others. */
  readonly computed?: { readonly [Name in keyof ComputedAs]: ComputedField<F, ComputedAs[Name]> };
  /**
   * Fields, and paths into documents, that lists are filtered and sorted by, in that order: `['userId', '-createdAt']`.
   */
  readonly indexes?: readonly (readonly IndexKey<F>[])[];
  /** Fields that `?search=` looks into, the most telling first. */
  readonly search?: readonly NamesOfKind<F, 'text' | 'richText'>[];
  /** The order of lists unless the caller asks for another; newest first when it is not said. */
  readonly sort?: readonly SortKey<F>[];
  readonly rules?: Rules<F, FactFieldsOf<{ authors: Authors; softDelete: Deletion }>>;
  /** Keeps `createdBy` and `updatedBy`. */
  readonly authors?: Authors;
  /** Deleted records are hidden, and can be brought back, for this long. Without it they are gone at once. */
  readonly softDelete?: Deletion;
  /**
   * What becomes of records when a user leaves; `false`: they are nobody's. Has to be said of each collection with a
   * field of users before users can be erased. Those who leave are taken out of `createdBy` and `updatedBy` anyway.
   */
  readonly personal?: Personal<F> | false;
  readonly hooks?: Hooks<Collection<F, Fields, Authors, Deletion>>;
  /** Keeps answers that are the same for everybody in the cache. Not kept unless said. */
  readonly cache?: CacheOptions<F>;
}

/** What is declared of one collection. */
export interface Collection<
  F extends Fields = Fields,
  ComputedAs extends Fields = Fields,
  Authors extends boolean = boolean,
  Deletion extends SoftDelete | undefined = SoftDelete | undefined,
> {
  readonly type: 'collection';
  readonly fields: F;
  readonly computed: { readonly [Name in keyof ComputedAs]: ComputedField<F, ComputedAs[Name]> };
  readonly indexes: readonly (readonly string[])[];
  readonly search: readonly string[];
  readonly sort: readonly string[];
  readonly rules: { readonly [Name in Operation]?: AnyRule } & {
    readonly fields?: { readonly [name: string]: { readonly read?: AnyRule; readonly write?: AnyRule } };
  };
  readonly authors: Authors;
  readonly softDelete: Deletion;
  readonly personal: AnyPersonal | false | undefined;
  readonly hooks: AnyHooks;
  readonly cache:
    | {
        readonly maxAge: string;
        readonly tolerates: readonly string[];
        readonly staleFor: string | undefined;
      }
    | undefined;
}

export type AnyCollection = Collection;

/** A whole record, as the server's own code sees it. */
export type RecordOf<C extends AnyCollection> = FactsOf<C> & ValuesOf<C['fields']>;

/** What creates a record: required fields, and as many of the others as one likes. */
export type NewRecordOf<C extends AnyCollection> = InputsOf<C['fields']>;

/** What changes a record: any of its fields. */
export type ChangesOf<C extends AnyCollection> = {
  readonly [Name in keyof C['fields']]?: InputOf<C['fields'][Name]>;
};

type NumberNames<F extends Fields> = {
  [Name in keyof F]: F[Name] extends Field<number, 'required' | 'defaulted', infer _Kind> ? Name : never;
}[keyof F];

/** Numbers to add to fields of a record. */
export type IncrementsOf<C extends AnyCollection> = {
  readonly [Name in NumberNames<C['fields']>]?: number;
};

/** Declares a collection: its fields, the indexes that its lists need, and who may do what. */
export function collection<
  const F extends Fields,
  const ComputedAs extends Fields = Record<never, never>,
  const Authors extends boolean = false,
  const Deletion extends SoftDelete | undefined = undefined,
>(
  options: CollectionOptions<F, ComputedAs, Authors, Deletion>,
): Collection<F, ComputedAs, Authors, Deletion> {
  const { cache } = options;
  const declared: Collection<F, ComputedAs, Authors, Deletion> = {
    // With what is no option, too, so that the app can be told of it.
    ...(options as object),
    type: 'collection',
    fields: withSelf(options.fields, () => declared),
    computed: options.computed ?? ({} as (typeof declared)['computed']),
    indexes: options.indexes ?? [],
    search: options.search ?? [],
    sort: options.sort ?? ['-createdAt'],
    rules: (options.rules ?? {}) as Collection['rules'],
    authors: options.authors ?? (false as Authors),
    softDelete: options.softDelete as Deletion,
    personal: options.personal,
    hooks: (options.hooks ?? {}) as AnyHooks,
    cache:
      cache === undefined
        ? undefined
        : { ...cache, tolerates: cache.tolerates ?? [], staleFor: cache.staleFor },
  };
  return declared;
}

/** Relations to `'self'` lead to the collection. */
function withSelf<F extends Fields>(fields: F, self: () => RelationTarget): F {
  const bound = Object.entries(fields).map(([name, one]) => {
    const { spec } = one;
    const isSelf = (spec.kind === 'relation' || spec.kind === 'relations') && spec.target === selfTarget;
    return [name, isSelf ? new Field({ ...spec, target: self }, one) : one] as const;
  });
  return Object.fromEntries(bound) as unknown as F;
}

/** Tells a collection from named fields, of which one may be called `type` too. */
export function isCollection(shape: Collection | Fields): shape is Collection {
  return shape.type === 'collection';
}
