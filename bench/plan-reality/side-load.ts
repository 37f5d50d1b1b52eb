import type { Bytes } from '@maque/kit';
import { ChildCalls } from '../load/child-calls.ts';
import type { SqlLoadPlan } from './sql-load.ts';

/** What loads a box besides those who shop. */
export interface SidePlan {
  readonly https: number;
  readonly servername: string;
  /** TLS connections that stay open. */
  readonly idle: number;
  readonly sql: SqlLoadPlan;
  /** Port. */
  readonly redis: number;
  readonly redisBytes: Bytes;
}

export type SideCall =
  | { readonly name: 'open'; readonly plan: SidePlan }
  | { readonly name: 'start' | 'snapshot' | 'stop' };

/** What was done, to be sure that it was. */
export interface SideTotals {
  /** Idle phones that were still connected at the end. */
  readonly open: number;
  readonly queries: number;
  readonly keys: number;
}

/** Idle phones, queries and keys, out of a process of their own. */
export class SideLoad {
  readonly #calls = new ChildCalls<SideCall>(new URL('./side-load-process.ts', import.meta.url));

  /** Fills Redis and the pool, and opens every connection. */
  async open(plan: SidePlan): Promise<void> {
    await this.#calls.ask({ name: 'open', plan });
  }

  async start(): Promise<void> {
    await this.#calls.ask({ name: 'start' });
  }

  async snapshot(): Promise<void> {
    await this.#calls.ask({ name: 'snapshot' });
  }

  async stop(): Promise<SideTotals> {
    const totals = (await this.#calls.ask({ name: 'stop' })) as SideTotals;
    await this.kill();
    return totals;
  }

  async kill(): Promise<void> {
    await this.#calls.kill();
  }
}
