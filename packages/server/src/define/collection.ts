import type { AnyComputedFields, ComputedFields } from './computed.ts';
import type { Field, Fields, ValuesOf } from './field.ts';
import type { AnyHooks, Hooks } from './hooks.ts';
import type { AnyPersonal, Personal } from './personal.ts';
import type { RecordFacts } from './record-facts.ts';
import type { AnyRule, Operation, Rules } from './rules.ts';

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
  /** How long an older list may still be answered while a new one is made: `'1m'`. Not at all unless said. */
  readonly staleFor?: string;
}

export interface SoftDelete {
  /** Deleted records are gone for good after this time: `'30d'`. */
  readonly keepFor: string;
}

type TextNames<F extends Fields> = {
  [Name in keyof F]: F[Name] extends Field<string, infer _P, 'text' | 'richText'> ? Name : never;
}[keyof F] &
  string;

export interface CollectionOptions<F extends Fields, Computed extends ComputedFields<F> = ComputedFields<F>> {
  readonly fields: F;
  /** Fields that answers have besides, worked out from the others. */
  readonly computed?: Computed;
  /**
   * Fields, and paths into documents, that lists are filtered and sorted by, in that order: `['userId', '-createdAt']`.
   */
  readonly indexes?: readonly (readonly SortKey<F>[])[];
  /** Fields that `?search=` looks into, the most telling first. */
  readonly search?: readonly TextNames<F>[];
  /** The order of lists unless the caller asks for another; newest first when it is not said. */
  readonly sort?: readonly SortKey<F>[];
  readonly rules?: Rules<F>;
  /** Keeps `createdBy` and `updatedBy`. */
  readonly authors?: boolean;
  /** Deleted records are hidden, and can be brought back, for this long. Without it they are gone at once. */
  readonly softDelete?: SoftDelete;
  /**
   * What becomes of records when a user leaves; `false`: they are nobody's. Has to be said of each collection with a
   * field of users before users can be erased.
   */
  readonly personal?: Personal<F> | false;
  readonly hooks?: Hooks<Collection<F>>;
  /** Keeps lists that are the same for everybody in the cache. Not kept unless said. */
  readonly cache?: CacheOptions<F>;
}

/** What is declared of one collection. */
export interface Collection<
  F extends Fields = Fields,
  Computed extends AnyComputedFields = AnyComputedFields,
> {
  readonly type: 'collection';
  readonly fields: F;
  readonly computed: Computed;
  readonly indexes: readonly (readonly string[])[];
  readonly search: readonly string[];
  readonly sort: readonly string[];
  readonly rules: { readonly [Name in Operation]?: AnyRule } & {
    readonly fields?: { readonly [name: string]: { readonly read?: AnyRule; readonly write?: AnyRule } };
  };
  readonly authors: boolean;
  readonly softDelete: SoftDelete | undefined;
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
export function collection<
  const F extends Fields,
  const Computed extends ComputedFields<F> = Record<never, never>,
>(options: CollectionOptions<F, Computed>): Collection<F, Computed> {
  const { cache } = options;
  return {
    type: 'collection',
    fields: options.fields,
    computed: options.computed ?? ({} as Computed),
    indexes: options.indexes ?? [],
    search: options.search ?? [],
    sort: options.sort ?? ['-createdAt'],
    rules: (options.rules ?? {}) as Collection['rules'],
    authors: options.authors ?? false,
    softDelete: options.softDelete,
    personal: options.personal,
    hooks: (options.hooks ?? {}) as AnyHooks,
    cache:
      cache === undefined
        ? undefined
        : { maxAge: cache.maxAge, tolerates: cache.tolerates ?? [], staleFor: cache.staleFor },
  };
}

/** Tells a collection from named fields, of which one may be called `type` too. */
export function isCollection(shape: Collection | Fields): shape is Collection {
  return shape.type === 'collection';
}
