import type { Milliseconds } from '@maque/kit';
import type { DatabaseConnection, SqlQuery, Statement, WriteResult } from '../../../ports/database.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { createSqliteQuery } from './sqlite-kysely.ts';

/** The writing connection as one transaction sees it; it answers at once, since the lock is held. */
export class SqliteTransaction implements DatabaseConnection {
  readonly #writer: SqliteConnection;
  #query: SqlQuery | undefined;
  readonly #afterCommit: (() => void)[] = [];
  #isOver = false;

  constructor(writer: SqliteConnection) {
    this.#writer = writer;
  }

  get query(): SqlQuery {
    this.#query ??= createSqliteQuery(({ sql, parameters }) =>
      this.#attempt((writer) => writer.execute(sql, parameters)),
    );
    return this.#query;
  }

  all<Row>({ sql, parameters }: Statement): Promise<Row[]> {
    return this.#attempt((writer) => writer.rows(sql, parameters) as Row[]);
  }

  arrays({ sql, parameters }: Statement): Promise<unknown[][]> {
    return this.#attempt((writer) => writer.arrays(sql, parameters));
  }

  run({ sql, parameters }: Statement): Promise<WriteResult> {
    return this.#attempt((writer) => writer.run(sql, parameters));
  }

  afterCommit(listener: () => void): void {
    this.#afterCommit.push(listener);
  }

  /** To be called when the transaction is committed. */
  tellCommitted(): void {
    for (const listener of this.#afterCommit) listener();
  }

  /**
   * Runs `work` within `limitMs`; what is asked of this connection afterwards is refused.
   * @throws Error when it takes longer.
   */
  async complete<T>(
    work: (transaction: DatabaseConnection) => Promise<T>,
    limitMs: Milliseconds,
  ): Promise<T> {
    try {
      return await withinLimit(work(this), limitMs);
    } finally {
      this.#isOver = true;
    }
  }

  #attempt<T>(use: (writer: SqliteConnection) => T): Promise<T> {
    if (this.#isOver)
      return Promise.reject(new Error('this transaction is over; use its connection only inside'));
    try {
      return Promise.resolve(use(this.#writer));
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** The work's own result, or a rejection when it takes too long: a hung handler must not hold up every writer. */
function withinLimit<T>(work: Promise<T>, limitMs: Milliseconds): Promise<T> {
  if (limitMs === Number.POSITIVE_INFINITY) return work;
  return new Promise((resolve, reject) => {
    const expire = () =>
      reject(new Error(`a transaction took longer than ${limitMs} ms and was rolled back`));
    const timer = setTimeout(expire, limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
