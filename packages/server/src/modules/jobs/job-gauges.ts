import type { Metric } from '@maque/guard';
import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import type { RouteLog } from '../../define/route.ts';
import type { JobQueue, JobStats } from '../../ports/index.ts';

export interface JobGaugesOptions {
  readonly jobs: Pick<JobQueue, 'stats'>;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** Scrapers come every 15 s or more; more often than this nobody needs it. */
const KEEP_MS: Milliseconds = 5 * SECOND;
/** What is older than this is not told any more: no number is better than a wrong one. */
const GOOD_FOR_MS: Milliseconds = 120 * SECOND;

/**
 * What the queue holds, for metrics. Those are written without waiting for a database, so each reading shows the counts of
 * the one before and has new ones fetched.
 */
export class JobGauges {
  readonly #options: JobGaugesOptions;
  #stats: JobStats | undefined;
  #askedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;
  #toldAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: JobGaugesOptions) {
    this.#options = options;
  }

  metrics(): Metric[] {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#askedAtMs >= KEEP_MS) {
      this.#askedAtMs = nowMs;
      void this.#ask();
    }
    const stats = nowMs - this.#toldAtMs <= GOOD_FOR_MS ? this.#stats : undefined;
    return [
      gauge('maque_jobs_waiting', 'Jobs that wait, of all workers', stats?.waiting),
      gauge('maque_jobs_running', 'Jobs that run, of all workers', stats?.running),
      gauge('maque_jobs_dead', 'Jobs that failed for good and wait for an operator', stats?.dead),
      gauge(
        'maque_jobs_oldest_due_seconds',
        'How long the oldest job that is due has waited',
        stats === undefined ? undefined : stats.oldestDueMs / SECOND,
      ),
    ];
  }

  async #ask(): Promise<void> {
    const { jobs, log, clock } = this.#options;
    try {
      this.#stats = await jobs.stats();
      this.#toldAtMs = clock.monotonic();
    } catch (error) {
      log.warn({ err: error }, 'jobs could not be counted');
    }
  }
}

function gauge(name: string, help: string, value: number | undefined): Metric {
  return { type: 'gauge', name, help, samples: value === undefined ? [] : [{ value }] };
}
