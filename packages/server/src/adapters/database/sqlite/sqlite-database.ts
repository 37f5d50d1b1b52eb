import {
  type Bytes,
  type Clock,
  type CodedError,
  KiB,
  type Milliseconds,
  SECOND,
  systemClock,
} from '@maque/kit';
import type {
  BackupOptions,
  Database,
  DatabaseConnection,
  DatabaseContent,
  DatabaseDialect,
  QueryPlan,
  SlowStatement,
  SqlQuery,
  Statement,
  WriteResult,
} from '../../../ports/database.ts';
import { Checkpointer } from './checkpointer.ts';
import { type DiskCalls, LogSync } from './log-sync.ts';
import { mendLog } from './mend-log.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { backupSqlite } from './sqlite-backup.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { sqliteDocuments } from './sqlite-documents.ts';
import { isBusy } from './sqlite-errors.ts';
import { createSqliteQuery, type ExecutionResult, type QueryExecution } from './sqlite-kysely.ts';
import { readPlan } from './sqlite-plan.ts';
import { sqliteTextSearch } from './sqlite-text-search.ts';
import { sqliteTimeLimits } from './sqlite-time-limit.ts';
import { SqliteTransaction } from './sqlite-transaction.ts';
import { UnsafeMark } from './unsafe-mark.ts';
import { WriteGroups } from './write-groups.ts';

export interface SqliteOptions {
  /** The file; it is made when it is not there, and two more beside it (`-wal`, `-shm`). */
  readonly path: string;
  /** Pages kept in memory, both connections together. */
  readonly cacheBytes: Bytes;
  /**
   * When a write is acknowledged: once it is committed (`normal`), which survives a crash of the process, or once it is on
   * disk (`full`), which survives a power cut too, for one wait of 1 to 5 ms on a cloud disk that all share who write
   * meanwhile.
   */
  readonly synchronous: 'normal' | 'full';
  /**
   * Told of a disk that fails: DISK_UNSAFE once, from then on every write is refused; CHECKPOINT_FAILED once until a
   * checkpoint succeeds again.
   */
  readonly onDiskFault?: (error: CodedError) => void;
  /** How the log is brought to the disk: Node's own way unless told. */
  readonly disk?: DiskCalls;
  /** How long a writer waits for others before it is told DATABASE_BUSY; 5 s unless told, SQLite's own common choice. */
  readonly busyDeadlineMs?: Milliseconds;
  /**
   * How long one transaction may hold up all other writers; 10 s unless told, a thousand times what one takes that
   * waits for nothing but the database.
   */
  readonly maxTransactionMs?: Milliseconds;
  /** Writers of this process that may wait at once; 1,000 unless told, more than requests are admitted. */
  readonly maxWaitingWriters?: number;
  /** Told of every statement that takes 100 ms or longer, on the thread that runs everything. */
  readonly onSlow?: ((statement: SlowStatement) => void) | undefined;
  /** Where the time of what is asked now is to be added up: the request that it is asked for, if there is one. */
  readonly accountOf?: (() => TimeAccount | undefined) | undefined;
  readonly clock?: Clock;
}

/** Adds up the time in the database, waiting for a turn and for the disk included. */
export interface TimeAccount {
  databaseMs: Milliseconds;
}

const DIALECT: DatabaseDialect = Object.freeze({
  name: 'sqlite',
  transactionalDdl: true,
  rowValueRanges: true,
  indexBelongsToTable: false,
  partialIndexes: true,
  textSearch: sqliteTextSearch,
  ...sqliteDocuments,
  ...sqliteTimeLimits,
});
const BUSY_DEADLINE_MS: Milliseconds = 5 * SECOND;
// The keeper gives a start 30 s, of which opening the file may wait 5 s: whoever waits in vain must be told
// DATABASE_BUSY before the keeper says only that nothing listened in time.
const EXCLUSIVE_DEADLINE_MS: Milliseconds = 20 * SECOND;
// Shapes of statements, not values: an app of 20 collections has some 100 in use. Each costs 8 KiB (measured).
const MAX_STATEMENTS = 150;
// The checkpointer begins at 16 to 24 MiB of log. At this many pages (64 MiB) SQLite does its work, on this thread: only
// where there is no memory for another one.
const LAST_RESORT_PAGES = 16_000;
// After a burst the log shrinks back to this. Its blocks are used again, so that a sync has no new ones to record.
const WAL_LIMIT: Bytes = 32 * 1024 * KiB;

/**
 * Opens a SQLite file: one connection that writes, for one transaction at a time, and one that only reads, for readers
 * that come while a transaction is open: they never see what is not committed and never wait. At all other times
 * readers use the first, whose pages are still in memory: SQLite empties a connection's page cache when another one has
 * written, be it of the same process.
 * @throws CodedError DATABASE_BUSY when another process holds the file for too long, DamagedDatabaseError when it is
 * no database, or SQLite's own error when it cannot be opened.
 */
export async function openSqliteDatabase(options: SqliteOptions): Promise<Database> {
  const { busyDeadlineMs = BUSY_DEADLINE_MS, clock = systemClock } = options;
  // Two workers that open a new file at once get into each other's way while it is made.
  const database = await retryWhileBusy(() => new SqliteDatabase(options), busyDeadlineMs, clock);
  await database.mendLog();
  return database;
}

class SqliteDatabase implements Database {
  readonly dialect = DIALECT;
  readonly query: SqlQuery;
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #writes: WriteGroups;
  readonly #log: LogSync | undefined;
  readonly #checkpointer: Checkpointer;
  readonly #path: string;
  readonly #mark: UnsafeMark;
  readonly #accountOf: () => TimeAccount | undefined;
  readonly #clock: Clock;
  readonly #busyDeadlineMs: Milliseconds;
  readonly #maxTransactionMs: Milliseconds;

  constructor(options: SqliteOptions) {
    const { path, cacheBytes, synchronous, onSlow } = options;
    this.#clock = options.clock ?? systemClock;
    this.#accountOf = options.accountOf ?? (() => undefined);
    this.#busyDeadlineMs = options.busyDeadlineMs ?? BUSY_DEADLINE_MS;
    this.#maxTransactionMs = options.maxTransactionMs ?? 10 * SECOND;
    this.#writer = new SqliteConnection({
      path,
      readOnly: false,
      maxStatements: MAX_STATEMENTS,
      onSlow,
      pragmas: [
        'journal_mode = wal',
        `wal_autocheckpoint = ${LAST_RESORT_PAGES}`,
        `journal_size_limit = ${WAL_LIMIT}`,
        // Both: what `full` does more is done by LogSync, off this thread.
        'synchronous = normal',
        cacheSize((cacheBytes * 2) / 3),
      ],
    });
    try {
      this.#reader = new SqliteConnection({
        path,
        readOnly: true,
        maxStatements: MAX_STATEMENTS,
        onSlow,
        pragmas: [cacheSize(cacheBytes / 3)],
      });
    } catch (error) {
      this.#writer.close();
      throw error;
    }
    this.#path = this.#writer.file;
    this.#mark = new UnsafeMark(this.#path);
    try {
      this.#log = synchronous === 'full' ? this.#openLog(options) : undefined;
    } catch (error) {
      this.#reader.close();
      this.#writer.close();
      throw error;
    }
    this.#checkpointer = new Checkpointer({
      path: this.#path,
      writer: this.#writer,
      onFault: options.onDiskFault ?? (() => {}),
    });
    this.#writes = new WriteGroups(this.#writer, {
      maxWaiting: options.maxWaitingWriters ?? 1_000,
      maxWaitMs: this.#busyDeadlineMs,
      clock: this.#clock,
      log: this.#log,
      onCommit: () => this.#checkpointer.committed(),
    });
    this.query = createSqliteQuery((query) => this.#execute(query));
  }

  all<Row>({ sql, parameters }: Statement): Promise<Row[]> {
    return this.#read((connection) => connection.rows(sql, parameters) as Row[]);
  }

  arrays({ sql, parameters }: Statement): Promise<unknown[][]> {
    return this.#read((connection) => connection.arrays(sql, parameters));
  }

  run({ sql, parameters }: Statement): Promise<WriteResult> {
    return this.#submit(() => this.#writer.run(sql, parameters));
  }

  transaction<T>(work: (transaction: DatabaseConnection) => Promise<T>): Promise<T> {
    return this.#transact(work, this.#maxTransactionMs);
  }

  exclusive<T>(work: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    return this.#transact(work, Number.POSITIVE_INFINITY, EXCLUSIVE_DEADLINE_MS);
  }

  /** Where the disk has failed before this start: nothing is written unless the log is whole again. */
  async mendLog(): Promise<void> {
    if (this.#log === undefined || !this.#mark.isThere) return;
    try {
      const patiently = <T>(attempt: () => T) => retryWhileBusy(attempt, this.#busyDeadlineMs, this.#clock);
      await mendLog({ path: logOf(this.#path), writer: this.#writer, log: this.#log, patiently });
      this.#mark.remove();
    } catch (error) {
      if (this.#log.fault === undefined) this.#log.fail(error as Error);
    }
  }

  afterCommit(listener: () => void): void {
    listener();
  }

  async explain({ sql, parameters }: Statement): Promise<QueryPlan> {
    const lines = await this.all<{ detail: string }>({ sql: `explain query plan ${sql}`, parameters });
    return readPlan(lines.map(({ detail }) => detail));
  }

  async estimateRows(table: string): Promise<number> {
    const [row] = await this.arrays({ sql: `select max(rowid) from "${table}"`, parameters: [] });
    return Number(row?.[0] ?? 0);
  }

  backup(path: string, options?: BackupOptions): Promise<DatabaseContent> {
    return backupSqlite(this.#path, path, options);
  }

  async close(): Promise<void> {
    await this.#writes.close();
    await this.#checkpointer.close();
    this.#reader.close();
    this.#writer.close();
    this.#log?.close();
  }

  #openLog({ onDiskFault = () => {}, disk }: SqliteOptions): LogSync {
    // SQLite makes the log of a new database when it first reads.
    this.#writer.rows('select 1 from sqlite_schema limit 1', []);
    const onFault = (error: CodedError) => {
      this.#mark.put();
      onDiskFault(error);
    };
    return new LogSync(logOf(this.#path), onFault, disk);
  }

  async #transact<T>(
    work: (connection: DatabaseConnection) => Promise<T>,
    limitMs: Milliseconds,
    aloneWithinMs?: Milliseconds,
  ): Promise<T> {
    const transaction = new SqliteTransaction(this.#writer);
    const answer = await this.#submit(() => transaction.complete(work, limitMs), aloneWithinMs);
    transaction.tellCommitted();
    return answer;
  }

  #submit<T>(work: () => Promise<T> | T, aloneWithinMs?: Milliseconds): Promise<T> {
    const done = this.#writes.submit(work, aloneWithinMs);
    const account = this.#accountOf();
    if (account === undefined) return done;
    const startedAtMs = performance.now();
    return done.finally(() => {
      account.databaseMs += performance.now() - startedAtMs;
    });
  }

  /** Readers wait for nobody, but while another process recovers or removes the write-ahead log. */
  #read<T>(read: (connection: SqliteConnection) => T): Promise<T> {
    const attempt = () => read(this.#writer.isInTransaction ? this.#reader : this.#writer);
    const account = this.#accountOf();
    const startedAtMs = account === undefined ? 0 : performance.now();
    try {
      const answer = attempt();
      if (account !== undefined) account.databaseMs += performance.now() - startedAtMs;
      return Promise.resolve(answer);
    } catch (error) {
      if (!isBusy(error)) return Promise.reject(error);
      return retryWhileBusy(attempt, this.#busyDeadlineMs, this.#clock);
    }
  }

  #execute({ sql, parameters, isSelect }: QueryExecution): Promise<ExecutionResult> {
    if (isSelect) {
      return this.#read((connection) => ({ rows: connection.rows(sql, parameters), changes: 0 }));
    }
    return this.#submit(() => this.#writer.execute(sql, parameters));
  }
}

/** https://www.sqlite.org/walformat.html */
function logOf(path: string): string {
  return `${path}-wal`;
}

/** A negative size is in KiB, a positive one in pages: https://www.sqlite.org/pragma.html#pragma_cache_size */
function cacheSize(bytes: Bytes): string {
  return `cache_size = -${Math.max(64, Math.floor(bytes / KiB))}`;
}
