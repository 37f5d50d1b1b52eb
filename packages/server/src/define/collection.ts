import type { Field, Fields, ValuesOf } from './field.ts';
import type { AnyRule, Operation, Rules } from './rules.ts';

/** Fields that every record has and nobody writes. */
export interface RecordFacts {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}

type SortableName<F extends Fields> = (keyof F & string) | keyof RecordFacts;

/** A field to order by, `-` before it for descending. */
export type SortKey<F extends Fields> = SortableName<F> | `-${SortableName<F>}`;

export interface CacheOptions<F extends Fields> {
  /** How old a list may be that anybody sees, browsers and CDNs included: `'30s'`, `'5m'`. */
  readonly maxAge: string;
  /**
   * Fields whose changes alone do not drop cached lists; they show up within `maxAge`. For what changes with every
   * order, such as stock: without this a busy shop's product pages would never be found in the cache.
   */
  readonly tolerates?: readonly (keyof F & string)[];
}

export interface CollectionOptions<F extends Fields> {
  readonly fields: F;
  /** Fields that lists are filtered and sorted by, in that order: `['userId', '-createdAt']`. */
  readonly indexes?: readonly (readonly SortKey<F>[])[];
  /** The order of lists unless the caller asks for another; newest first when it is not said. */
  readonly sort?: readonly SortKey<F>[];
  readonly rules?: Rules<F>;
  /** Keeps lists that are the same for everybody in the cache. Not kept unless said. */
  readonly cache?: CacheOptions<F>;
}

/** What is declared of one collection. */
export interface Collection<F extends Fields = Fields> {
  readonly type: 'collection';
  readonly fields: F;
  readonly indexes: readonly (readonly string[])[];
  readonly sort: readonly string[];
  readonly rules: { readonly [Name in Operation]?: AnyRule };
  readonly cache: { readonly maxAge: string; readonly tolerates: readonly string[] } | undefined;
}

export type AnyCollection = Collection;

/** A whole record, as the server's own code sees it. */
export type RecordOf<C extends AnyCollection> = RecordFacts & ValuesOf<C['fields']>;

type NamesWithPresence<F extends Fields, Present> = {
  [Name in keyof F]: F[Name] extends { readonly presence: Present } ? Name : never;
}[keyof F];

/** What creates a record: required fields, and as many of the others as one likes. */
export type NewRecordOf<C extends AnyCollection> = {
  readonly [Name in NamesWithPresence<C['fields'], 'required'>]: ValuesOf<C['fields']>[Name];
} & {
  readonly [Name in NamesWithPresence<C['fields'], 'optional' | 'defaulted'>]?: ValuesOf<C['fields']>[Name];
};

/** What changes a record: any of its fields. */
export type ChangesOf<C extends AnyCollection> = Partial<ValuesOf<C['fields']>>;

type NumberNames<F extends Fields> = {
  [Name in keyof F]: F[Name] extends Field<number, 'required' | 'defaulted', infer _Kind> ? Name : never;
}[keyof F];

/** Numbers to add to fields of a record. */
export type IncrementsOf<C extends AnyCollection> = {
  readonly [Name in NumberNames<C['fields']>]?: number;
};

/** Declares a collection: its fields, the indexes that its lists need, and who may do what. */
export function collection<const F extends Fields>(options: CollectionOptions<F>): Collection<F> {
  const { cache } = options;
  return {
    type: 'collection',
    fields: options.fields,
    indexes: options.indexes ?? [],
    sort: options.sort ?? ['-createdAt'],
    rules: (options.rules ?? {}) as Collection['rules'],
    cache: cache === undefined ? undefined : { maxAge: cache.maxAge, tolerates: cache.tolerates ?? [] },
  };
}

/** Tells a collection from named fields, of which one may be called `type` too. */
export function isCollection(shape: Collection | Fields): shape is Collection {
  return shape.type === 'collection';
}
