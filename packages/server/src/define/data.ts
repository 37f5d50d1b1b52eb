import type { AnyCollection, ChangesOf, IncrementsOf, NewRecordOf, RecordOf, SortKey } from './collection.ts';
import type { WhereOf } from './rules.ts';

export interface ListOptions<C extends AnyCollection> {
  readonly where?: WhereOf<C>;
  /** The collection's own order unless told. */
  readonly sort?: readonly SortKey<C['fields']>[];
  /** 1 to 1,000; 100 unless told. */
  readonly limit?: number;
}

/**
 * The records, as the server's own code reaches them: bounds of fields are kept, rules do not apply.
 * Statements are compiled once for each shape and kept, so a call costs what its SQL costs.
 */
export interface DataAccess {
  get<C extends AnyCollection>(collection: C, id: string): Promise<RecordOf<C> | undefined>;
  /** The records of these ids that exist, by id. At most 1,000 ids. */
  getMany<C extends AnyCollection>(
    collection: C,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, RecordOf<C>>>;
  list<C extends AnyCollection>(collection: C, options?: ListOptions<C>): Promise<readonly RecordOf<C>[]>;
  /** @throws CodedError VALIDATION_FAILED when a value is outside its field's bounds, CONFLICT when a unique one is taken. */
  create<C extends AnyCollection>(
    collection: C,
    record: NewRecordOf<C> & { readonly id?: string },
  ): Promise<RecordOf<C>>;
  /** Answers whether there was such a record. @throws CodedError as `create` does. */
  update<C extends AnyCollection>(collection: C, id: string, changes: ChangesOf<C>): Promise<boolean>;
  /**
   * Adds to numbers of a record in one step, so that no two callers can take the same last item:
   * `increment(products, id, { stock: -2 })`. Answers false, and changes nothing, when there is no such record or a
   * number would leave its field's bounds.
   */
  increment<C extends AnyCollection>(
    collection: C,
    id: string,
    increments: IncrementsOf<C>,
  ): Promise<boolean>;
  /** Softly where the collection says so. Answers whether there was such a record. @throws CodedError RECORD_IN_USE. */
  delete(collection: AnyCollection, id: string): Promise<boolean>;
  /** Brings a softly deleted record back; answers whether there was one. @throws CodedError CONFLICT. */
  restore(collection: AnyCollection, id: string): Promise<boolean>;
  /** Rows of a query of your own; each `${value}` is a parameter, never SQL text. */
  sql<Row extends object>(strings: TemplateStringsArray, ...values: SqlInput[]): Promise<readonly Row[]>;
}

export type SqlInput = string | number | bigint | boolean | null;

export interface Data extends DataAccess {
  /**
   * Runs `work` as one: all of it is kept when it resolves, nothing when it throws. Inside, use `tx` only.
   * Writers wait for each other, so do slow things (other servers, files) before or after.
   * @throws CodedError DATABASE_BUSY when the database stays locked for too long.
   */
  transaction<T>(work: (tx: DataAccess) => Promise<T>): Promise<T>;
}
