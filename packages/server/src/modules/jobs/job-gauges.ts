import type { Metric } from '@maque/guard';
import { type Clock, LastReading, type Milliseconds, SECOND } from '@maque/kit';
import type { RouteLog } from '../../define/route.ts';
import type { JobQueue, JobStats } from '../../ports/index.ts';

export interface JobGaugesOptions {
  readonly jobs: Pick<JobQueue, 'stats'>;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** Scrapers come every 15 s or more; more often than this nobody needs it. */
const EVERY_MS: Milliseconds = 5 * SECOND;
const GOOD_FOR_MS: Milliseconds = 120 * SECOND;

/** What the queue holds, for metrics. */
export class JobGauges {
  readonly #stats: LastReading<JobStats>;

  constructor({ jobs, log, clock }: JobGaugesOptions) {
    this.#stats = new LastReading({
      read: () => jobs.stats(),
      onFailure: (error) => log.warn({ err: error }, 'jobs could not be counted'),
      everyMs: EVERY_MS,
      goodForMs: GOOD_FOR_MS,
      clock,
    });
  }

  metrics(): Metric[] {
    const stats = this.#stats.get();
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
}

function gauge(name: string, help: string, value: number | undefined): Metric {
  return { type: 'gauge', name, help, samples: value === undefined ? [] : [{ value }] };
}
