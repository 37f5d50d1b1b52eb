import type { Bytes, Milliseconds } from '@maque/kit';
import type { Expression, Kysely, SqlBool } from 'kysely';
import type { TextSearch } from './text-search.ts';

/**
 * Tables that are not known to the type checker. A store names its own:
 * `database.query.$extendTables<{ sessions: SessionRow }>()`.
 */
export type DynamicTables = Record<string, Record<string, unknown>>;

export type SqlQuery = Kysely<DynamicTables>;

/** What may be bound to a parameter. Numbers are integers up to 2^53 - 1 or finite fractions. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array;

/** SQL with `?` for each parameter. Kysely's `CompiledQuery` is one. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface WriteResult {
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
}

/** The free database, or an open transaction on it. */
export interface DatabaseConnection {
  /** Builds queries. Costs 10 to 30 µs a query to compile: hot paths use {@link all} and {@link run}. */
  readonly query: SqlQuery;
  /**
   * Rows of a statement that reads. The prepared statement is kept by its SQL text, so the text must come from a
   * bounded set of shapes; values are parameters.
   */
  all<Row>(statement: Statement): Promise<Row[]>;
  /** The same rows as arrays of columns, a quarter cheaper where a page of rows is turned into text at once. */
  arrays(statement: Statement): Promise<unknown[][]>;
  /** Runs a statement that writes. @throws CodedError DISK_FULL when there is no room for it; nothing of it is kept. */
  run(statement: Statement): Promise<WriteResult>;
  /**
   * Calls `listener` when what was written is kept: once the transaction is committed and never if it is not; at once on
   * the free database. It must not throw.
   */
  afterCommit(listener: () => void): void;
}

/** What a value inside of a document is. */
export type DocumentType = 'text' | 'number' | 'boolean';

/** What differs between engines, by name; callers ask for the capability and never for the engine. */
export interface DatabaseDialect {
  readonly name: 'sqlite' | 'mysql';
  /** Whether a rollback also undoes `create table` and its like. */
  readonly transactionalDdl: boolean;
  /** Whether `(a, b) > (?, ?)` walks an index from that place on instead of reading all of it. */
  readonly rowValueRanges: boolean;
  /** Whether an index is named within its table, and dropped with the table's name. */
  readonly indexBelongsToTable: boolean;
  /** Whether an index can leave out rows: `create unique index … where deletedAt is null`. */
  readonly partialIndexes: boolean;
  readonly textSearch: TextSearch;
  /**
   * A value inside a column of JSON text: null where the document has none there, or one of another type, so that what
   * was kept before a shape was declared cannot pass for something else. Booleans are 0 and 1. An index on the very same
   * expression serves it: SQLite indexes expressions as they are; MySQL needs `cast` around one of text, which this has.
   * @param path names of letters, digits and `_`, from the outside in.
   */
  documentValue(
    column: Expression<unknown>,
    path: readonly string[],
    type: DocumentType,
  ): Expression<unknown>;
  /**
   * Whether a list inside a column of JSON text, or the column itself where `path` is empty, has this value among its
   * items: `json_each` in SQLite, `json_contains` in MySQL. Booleans are given as 0 and 1. False for null.
   */
  documentHas(
    column: Expression<unknown>,
    path: readonly string[],
    type: DocumentType,
    value: Expression<unknown>,
  ): Expression<SqlBool>;
  /**
   * True for as long as a statement that reads may still run, and CodedError QUERY_TOO_COSTLY when the time is over: for
   * what strangers ask for, as one of them can hold up everybody. SQLite looks at the clock between rows; MySQL has
   * `max_execution_time` for it, and needs no test in the statement.
   */
  withinTime(maxMs: Milliseconds): Expression<SqlBool>;
}

/**
 * The database, whichever engine it is. Portable column types are `varchar(n)`, `text`, `integer`, `bigint` and
 * `double precision`; times are stored as `bigint` milliseconds since the epoch, booleans as `integer` 0 or 1.
 */
export interface Database extends DatabaseConnection {
  readonly dialect: DatabaseDialect;
  /**
   * Runs `work` in a transaction that may write, and commits when it resolves; rolls back when it rejects.
   * Inside, use only the connection that it is given. Writers wait for each other, so keep it short.
   * @throws CodedError DATABASE_BUSY when the database stays locked beyond the adapter's deadline.
   */
  transaction<T>(work: (transaction: DatabaseConnection) => Promise<T>): Promise<T>;
  /**
   * Runs `work` while no other process runs work of this kind on the same database: for migrations and seeds.
   * It is one transaction where the dialect has transactional DDL. Waits up to 20 s for the others.
   * @throws CodedError DATABASE_BUSY after that.
   */
  exclusive<T>(work: (connection: DatabaseConnection) => Promise<T>): Promise<T>;
  /**
   * Writes all that is committed now to the new file `path`, readable by its owner only, while others read and write.
   * It appears under its name when all of it is on disk and was read again and found whole. What is in it is the engine's
   * own matter: SQLite makes a database file, MySQL a dump in SQL.
   * @throws Error with code EEXIST when there is such a file, DamagedDatabaseError, the disk's own error (ENOSPC …), or
   * the signal's reason; then nothing is left behind.
   */
  backup(path: string, options?: BackupOptions): Promise<DatabaseContent>;
  /** How the engine would go about a statement that reads; nothing is run. */
  explain(statement: Statement): Promise<QueryPlan>;
  /**
   * How many rows a table has, roughly and at once: SQLite answers the highest rowid, which counts rows that were deleted
   * too, MySQL its statistics.
   */
  estimateRows(table: string): Promise<number>;
  close(): Promise<void>;
}

/** A statement that took long to run; waiting for its turn is not counted. */
export interface SlowStatement extends Statement {
  readonly durationMs: Milliseconds;
}

/** What the engine says of how it reads. */
export interface QueryPlan {
  /** Tables and subqueries in the order in which they are read. */
  readonly steps: readonly PlanStep[];
  /** Whether rows are collected and sorted before the first one is answered. */
  readonly sorts: boolean;
}

export interface PlanStep {
  /** The table, as the query calls it. */
  readonly table: string;
  /** The index that is walked; null for none. */
  readonly index: string | null;
  /** Whether every row is read, or those of the index in its order, and not only those that a condition names. */
  readonly isScan: boolean;
  /** In the engine's own words. */
  readonly detail: string;
}

/** What is in a database. */
export interface DatabaseContent {
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

export interface BackupOptions {
  readonly signal?: AbortSignal;
  /** Called some times a second at least, and never after the backup has ended. It must not throw. */
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface BackupProgress {
  readonly doneBytes: Bytes;
  readonly totalBytes: Bytes;
}

/** One step of a schema. Written once, never changed: its id is recorded in every database that ran it. */
export interface Migration {
  /** Sorts in the order of application, e.g. `0001-users`. */
  readonly id: string;
  up(query: SqlQuery): Promise<void>;
}
