import { DatabaseSync, type DatabaseSyncOptions, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Milliseconds, RecentMap } from '@maque/kit';
import type { SlowStatement, WriteResult } from '../../../ports/database.ts';
import { isIntegerTooLarge, translateError } from './sqlite-errors.ts';
import { WORDS_FUNCTION, wordsFunction } from './sqlite-text-search.ts';
import { SqliteTimeLimit, TIME_LIMIT_FUNCTION } from './sqlite-time-limit.ts';

export interface SqliteConnectionOptions {
  readonly path: string;
  readonly readOnly: boolean;
  /** Run once, e.g. `cache_size = -2000`. */
  readonly pragmas: readonly string[];
  /** Prepared statements that are kept, of each way to answer rows. */
  readonly maxStatements: number;
  /** Told of every statement that takes {@link SLOW_MS} or longer. */
  readonly onSlow?: ((statement: SlowStatement) => void) | undefined;
}

// A tenth of what people take for at once, and everybody's request waits so long: it runs on the only thread.
const SLOW_MS: Milliseconds = 100;

/** One connection and its prepared statements, kept by their SQL. Everything here is synchronous. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #timeLimit = new SqliteTimeLimit();
  readonly #byRows: RecentMap<string, StatementSync>;
  readonly #byArrays: RecentMap<string, StatementSync>;
  readonly #onSlow: ((statement: SlowStatement) => void) | undefined;

  constructor({ path, readOnly, pragmas, maxStatements, onSlow }: SqliteConnectionOptions) {
    this.#onSlow = onSlow;
    const options: DatabaseSyncOptions = { readOnly, timeout: 0, enableForeignKeyConstraints: true };
    this.#database = new DatabaseSync(path, options);
    this.#database.function(WORDS_FUNCTION, { deterministic: true }, wordsFunction);
    this.#database.function(TIME_LIMIT_FUNCTION, { directOnly: true }, this.#timeLimit.check);
    this.#byRows = new RecentMap(maxStatements);
    this.#byArrays = new RecentMap(maxStatements);
    try {
      for (const pragma of pragmas) this.#database.exec(`pragma ${pragma}`);
    } catch (error) {
      this.#database.close();
      throw translateError(error);
    }
  }

  /**
   * @throws DuplicateValueError, BrokenReferenceError, DamagedDatabaseError, CodedError DISK_FULL, or SQLite's own error,
   * which `isBusy` may recognise.
   */
  rows(sql: string, parameters: readonly unknown[]): unknown[] {
    return this.#read(sql, this.#prepared(this.#byRows, sql), parameters);
  }

  /** The same, each row as an array of its columns. */
  arrays(sql: string, parameters: readonly unknown[]): unknown[][] {
    return this.#read(sql, this.#prepared(this.#byArrays, sql), parameters) as unknown[][];
  }

  run(sql: string, parameters: readonly unknown[]): WriteResult {
    const startedAt = performance.now();
    try {
      return { changes: Number(this.#prepared(this.#byRows, sql).run(...bound(parameters)).changes) };
    } catch (error) {
      throw translateError(error);
    } finally {
      this.#ended(sql, parameters, startedAt);
    }
  }

  /** Runs a statement of which it is not known whether it reads or writes. */
  execute(sql: string, parameters: readonly unknown[]): { rows: unknown[]; changes: number } {
    const statement = this.#prepared(this.#byRows, sql);
    if (statement.columns().length === 0) return { rows: [], ...this.run(sql, parameters) };
    const startedAt = performance.now();
    try {
      const rows = readLarge(statement, parameters);
      return { rows, changes: rows.length };
    } catch (error) {
      throw translateError(error);
    } finally {
      this.#ended(sql, parameters, startedAt);
    }
  }

  /** For statements without parameters and rows: `begin immediate`. */
  exec(sql: string): void {
    try {
      this.#prepared(this.#byRows, sql).run();
    } catch (error) {
      throw translateError(error);
    }
  }

  /** The file by its true name, which the names of SQLite's other two files begin with, also where `path` is a link. */
  get file(): string {
    return this.#database.location() ?? '';
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#byRows.clear();
    this.#byArrays.clear();
    this.#database.close();
  }

  #read(sql: string, statement: StatementSync, parameters: readonly unknown[]): unknown[] {
    const startedAt = performance.now();
    this.#timeLimit.begin(startedAt);
    try {
      return statement.all(...bound(parameters));
    } catch (error) {
      // Only what is surely no write may run twice.
      if (isIntegerTooLarge(error) && /^\s*select\b/i.test(sql)) return readLarge(statement, parameters);
      throw translateError(error);
    } finally {
      this.#ended(sql, parameters, startedAt);
    }
  }

  #ended(sql: string, parameters: readonly unknown[], startedAt: Milliseconds): void {
    const durationMs = performance.now() - startedAt;
    if (durationMs >= SLOW_MS) this.#onSlow?.({ sql, parameters, durationMs });
  }

  #prepared(kept: RecentMap<string, StatementSync>, sql: string): StatementSync {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const statement = this.#prepare(sql);
    if (kept === this.#byArrays) statement.setReturnArrays(true);
    kept.set(sql, statement);
    return statement;
  }

  /** The first that is prepared reads the schema, so a damaged file shows here. */
  #prepare(sql: string): StatementSync {
    try {
      return this.#database.prepare(sql);
    } catch (error) {
      throw translateError(error);
    }
  }
}

/** Parameters as SQLite takes them. @throws TypeError for what it would store as something else. */
function bound(parameters: readonly unknown[]): SQLInputValue[] {
  let converted: unknown[] | undefined;
  for (let index = 0; index < parameters.length; index += 1) {
    const value = parameters[index];
    if (typeof value === 'string' || value === null) continue;
    if (typeof value === 'number') {
      // SQLite takes NaN for null.
      if (!Number.isFinite(value)) throw new TypeError(`cannot store the number ${value}`);
    } else if (typeof value === 'boolean') {
      converted ??= [...parameters];
      converted[index] = value ? 1 : 0;
    } else if (typeof value !== 'bigint' && !(value instanceof Uint8Array)) {
      throw new TypeError(`cannot store a value of type ${typeof value}`);
    }
  }
  return (converted ?? parameters) as SQLInputValue[];
}

/** Reads rows whose whole numbers may be beyond 2^53, at twice the price of a plain read. */
function readLarge(statement: StatementSync, parameters: readonly unknown[]): unknown[] {
  statement.setReadBigInts(true);
  try {
    return statement.all(...bound(parameters)).map(narrowRow);
  } finally {
    statement.setReadBigInts(false);
  }
}

/** Whole numbers that fit become numbers; larger ones stay BigInts. */
function narrowRow(row: unknown): unknown {
  if (Array.isArray(row)) return row.map(narrow);
  return Object.fromEntries(Object.entries(row as object).map(([name, value]) => [name, narrow(value)]));
}

function narrow(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
