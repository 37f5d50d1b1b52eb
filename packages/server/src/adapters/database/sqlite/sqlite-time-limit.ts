import { errors } from '@maque/contract';
import type { Milliseconds } from '@maque/kit';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { DatabaseDialect } from '../../../ports/database.ts';

export const TIME_LIMIT_FUNCTION = 'maque_within_ms';

// The most costly row of a list (20 patterns over a text of 16,000 characters) takes some 5 ms; asking for the time at
// every row would cost 40 ns each.
const ROWS_BETWEEN_LOOKS = 32;

/**
 * Ends a statement that reads for too long. SQLite runs on the thread that answers everybody, and `node:sqlite` has no
 * way to interrupt it but a function of ours that it calls for each row: 20 ns a row (measured, Node 26).
 */
export class SqliteTimeLimit {
  #startedAt: Milliseconds = 0;
  #rows = 0;

  /** @param nowMs by `performance.now`. */
  begin(nowMs: Milliseconds): void {
    this.#startedAt = nowMs;
    this.#rows = 0;
  }

  /** What {@link TIME_LIMIT_FUNCTION} does. @throws CodedError QUERY_TOO_COSTLY. */
  readonly check = (maxMs: unknown): 1 => {
    this.#rows += 1;
    const isTime = this.#rows % ROWS_BETWEEN_LOOKS === 0;
    if (isTime && performance.now() - this.#startedAt > Number(maxMs)) throw errors.QUERY_TOO_COSTLY();
    return 1;
  };
}

export const sqliteTimeLimits = {
  withinTime: (maxMs): Expression<SqlBool> =>
    sql<SqlBool>`${sql.raw(TIME_LIMIT_FUNCTION)}(${sql.lit(maxMs)})`,
} satisfies Pick<DatabaseDialect, 'withinTime'>;
