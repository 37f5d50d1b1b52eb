import type { Metric } from '@maque/guard';
import { MINUTE, type Milliseconds, RecentMap } from '@maque/kit';
import type { Logger } from '../../logging/logger.ts';
import type { Database, SlowStatement } from '../../ports/database.ts';
import { PlanGuard } from './plan-guard.ts';
import { Quota } from './quota.ts';

export interface QueryWatchOptions {
  readonly log: Pick<Logger, 'warn'>;
  /** Whether lists that read all of a large collection are refused. */
  readonly refusesScans: boolean;
}

// Statements of an app are some hundred; each is told of once in a while, however often it is slow.
const MAX_TOLD = 200;
const TOLD_EVERY_MS: Milliseconds = 10 * MINUTE;
// Of each kind in that time, or strangers with filters of their own making would fill the log: each line has up to some KB.
// What is counted is all of them.
const MAX_LINES = 20;

/** Tells of what queries cost this process, each with its plan. Only SQL is told, never what was asked for. */
export class QueryWatch {
  readonly #options: QueryWatchOptions;
  readonly #toldAtMs = new RecentMap<string, Milliseconds>(MAX_TOLD);
  readonly #scanLines = new Quota(MAX_LINES, TOLD_EVERY_MS);
  readonly #slowLines = new Quota(MAX_LINES, TOLD_EVERY_MS);
  #database: Database | undefined;
  #plans: PlanGuard | undefined;
  #slow = 0;

  constructor(options: QueryWatchOptions) {
    this.#options = options;
  }

  /** Looks at the plans of lists on a database; slow statements are explained by it from now on. */
  plansOf(database: Database): PlanGuard {
    const { log, refusesScans } = this.#options;
    this.#database = database;
    this.#plans = new PlanGuard({
      database,
      refuses: refusesScans,
      onScan: (finding) => {
        if (!this.#scanLines.take(performance.now())) return;
        log.warn({ ...finding }, 'a list reads all of a large collection');
      },
    });
    return this.#plans;
  }

  /** To be told of each slow statement. */
  readonly onSlow = (statement: SlowStatement): void => {
    this.#slow += 1;
    const now = performance.now();
    const toldAtMs = this.#toldAtMs.get(statement.sql) ?? Number.NEGATIVE_INFINITY;
    if (now - toldAtMs < TOLD_EVERY_MS || !this.#slowLines.take(now)) return;
    this.#toldAtMs.set(statement.sql, now);
    void this.#tell(statement);
  };

  metrics(): Metric[] {
    return [
      counter('maque_slow_statements_total', 'Statements that took 100 ms or longer', this.#slow),
      counter(
        'maque_unindexed_lists_total',
        'Lists that read all of a large collection, for want of an index',
        this.#plans?.scans ?? 0,
      ),
    ];
  }

  async #tell(statement: SlowStatement): Promise<void> {
    const facts = { sql: statement.sql, durationMs: Math.round(statement.durationMs) };
    // What makes or drops a table has no plan.
    const plan = await this.#database?.explain(statement).catch(() => undefined);
    this.#options.log.warn({ ...facts, plan: plan?.steps.map(({ detail }) => detail) }, 'a slow statement');
  }
}

function counter(name: string, help: string, value: number): Metric {
  return { type: 'counter', name, help, samples: [{ value }] };
}
