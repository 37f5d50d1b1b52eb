import type { Bytes } from '@maque/kit';
import type { Kysely } from 'kysely';

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
  /** Runs a statement that writes. */
  run(statement: Statement): Promise<WriteResult>;
  /**
   * Calls `listener` when what was written is kept: once the transaction is committed and never if it is not; at once on
   * the free database. It must not throw.
   */
  afterCommit(listener: () => void): void;
}

/** What differs between engines, by name; callers ask for the capability and never for the engine. */
export interface DatabaseDialect {
  readonly name: 'sqlite' | 'mysql';
  /** Whether a rollback also undoes `create table` and its like. */
  readonly transactionalDdl: boolean;
  /** Whether `(a, b) > (?, ?)` walks an index from that place on instead of reading all of it. */
  readonly rowValueRanges: boolean;
  /** Whether an index is named within its table, and dropped with the table's name. */
  readonly indexBelongsToTable: boolean;
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
   * It appears under its name when all of it is on disk. What is in it is the engine's own matter: SQLite makes a database
   * file, MySQL a dump in SQL.
   * @throws Error with code EEXIST when there is such a file, DamagedDatabaseError, the disk's own error (ENOSPC …), or
   * the signal's reason; then nothing is left behind.
   */
  backup(path: string, options?: BackupOptions): Promise<void>;
  close(): Promise<void>;
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
