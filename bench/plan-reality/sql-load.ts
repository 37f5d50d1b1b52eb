import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import type { Connection } from 'mysql2/promise';
import { rowsOf, SQL_PASSWORD, SQL_USER, TABLE_ROWS } from './prepare-tables.ts';

/** All connections at once, then a pause: what a pool does when a page of the app asks for everything. */
const PAUSE_MS: Milliseconds = 150;
const CHUNK_MB = 16;

export interface SqlLoadPlan {
  readonly port: number;
  readonly connections: number;
  /** Of the table that fills the pool. */
  readonly touchedMb: number;
}

/** Queries that sort, join and group, on so many connections at once. */
export class SqlLoad {
  readonly #connections: readonly Connection[];
  #working: Promise<void> | undefined;
  #stopping = false;
  #rounds = 0;

  private constructor(connections: readonly Connection[]) {
    this.#connections = connections;
  }

  /** Opens the connections and goes through the tables once, so that the pool is warm. */
  static async open({ port, connections, touchedMb }: SqlLoadPlan): Promise<SqlLoad> {
    const { createConnection } = await import('mysql2/promise');
    const options = { host: '127.0.0.1', port, user: SQL_USER, password: SQL_PASSWORD, database: 'shop' };
    const open: Connection[] = [];
    for (let count = 0; count < connections; count += 1) open.push(await createConnection(options));
    const [first] = open;
    for (let mb = 0; mb < touchedMb; mb += CHUNK_MB) {
      const range = `id BETWEEN ${rowsOf(mb)} AND ${rowsOf(Math.min(touchedMb, mb + CHUNK_MB))}`;
      await first?.query(`SELECT SUM(LENGTH(body)) FROM history WHERE ${range}`);
    }
    return new SqlLoad(open);
  }

  start(): void {
    this.#working = this.#work();
    // Told when it is stopped.
    this.#working.catch(() => {});
  }

  async stop(): Promise<number> {
    this.#stopping = true;
    await this.#working;
    await Promise.all(this.#connections.map((connection) => connection.end()));
    return this.#rounds * this.#connections.length;
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const round = this.#rounds;
      await Promise.all(
        this.#connections.map((connection, index) => connection.query(queryOf(round + index))),
      );
      this.#rounds += 1;
      await sleep(PAUSE_MS);
    }
  }
}

/** One of four, on other rows each time. */
function queryOf(number: number): string {
  const from = (number * 997) % (TABLE_ROWS.orders - 4_000);
  const within = (rows: number) => `o.id BETWEEN ${from} AND ${from + rows}`;
  switch (number % 4) {
    case 0:
      return `SELECT p.category, o.user_id, COUNT(*), SUM(o.total_fen) AS total FROM orders o
        JOIN products p ON p.id = o.product_id WHERE ${within(3_000)}
        GROUP BY p.category, o.user_id ORDER BY total DESC LIMIT 20`;
    case 1:
      return `SELECT o.id, p.name FROM orders o IGNORE INDEX (PRIMARY, user_id)
        JOIN products p IGNORE INDEX (PRIMARY) ON p.id = o.product_id
        WHERE ${within(60)} ORDER BY o.note LIMIT 50`;
    case 2:
      return `SELECT DISTINCT o.note, o.total_fen FROM orders o WHERE ${within(3_000)} ORDER BY o.note DESC LIMIT 20`;
    default:
      return `UPDATE orders o SET o.total_fen = 100 + ${number} % 9000 WHERE o.id = ${from}`;
  }
}
