import { type Clock, CodedError, type Milliseconds, SECOND, withinLimit } from '@maque/kit';
import type { Logger } from '../../logging/logger.ts';
import type { Database, Job, JobPayload } from '../../ports/index.ts';
import { insertDeadJob, trimDeadJobs } from './dead-job-store.ts';
import { STOPPED } from './end-work.ts';
import { type JobKind, type JobOutcome, outcomeOf } from './job-outcome.ts';
import { completeJob, giveJobBack, type JobRow } from './job-store.ts';

export interface JobRunnerOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly clock: Clock;
  /** Dead jobs that are kept. */
  readonly maxDead: number;
  /** Told of each job that failed for good. */
  readonly onDead: (job: JobRow, reason: string) => void;
  /** Tells the other workers that there is something to take. */
  readonly tellOthers: (name: string) => void;
  /** Whether new tries may begin. */
  readonly isWorking: () => boolean;
}

/** Until when a job is ours. */
export interface Lease {
  readonly id: string;
  readonly endsAt: number;
}

/** What a handler has left to end in after its signal; then another worker may take the job. */
export const LEASE_SLACK_MS: Milliseconds = 5 * SECOND;

const DIED_WITH_ITS_WORKER: JobOutcome = { kind: 'dead', reason: 'its worker ended during the last try' };
const GIVEN_BACK: JobOutcome = { kind: 'again', delayMs: 0, isCounted: false };

/** Does jobs that were taken, and keeps what became of them. */
export class JobRunner {
  readonly #options: JobRunnerOptions;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** One try of a job, and what follows. Never rejects. */
  async run(kind: JobKind, row: JobRow, lease: Lease, abort: AbortController): Promise<void> {
    const { log } = this.#options;
    const outcome = await this.#attempt(kind, row, abort);
    try {
      const isMine = await this.#settleSurely(row, lease, outcome);
      if (!isMine) log.warn(factsOf(row), 'a job lasted longer than its lease, and may be done twice');
    } catch (error) {
      log.error({ err: error, ...factsOf(row) }, 'the end of a job was not kept; it is done again');
    }
  }

  /** One try of a job. Never rejects. */
  async #attempt(kind: JobKind, row: JobRow, abort: AbortController): Promise<JobOutcome> {
    // Its worker died in the last try, and it may well be the job that kills.
    if (row.attempts > kind.maxAttempts) return DIED_WITH_ITS_WORKER;
    if (!this.#options.isWorking()) return GIVEN_BACK;
    const late = setTimeout(() => abort.abort(new Error('the job took too long')), kind.timeoutMs);
    const hangs = () => new Error('the job did not end when its time was over');
    try {
      // One that never ends must not keep its place: a few of them would end all work of their name.
      await withinLimit(kind.handler(jobOf(row), abort.signal), kind.timeoutMs + LEASE_SLACK_MS, hangs);
      return { kind: 'done' };
    } catch (error) {
      if (abort.signal.reason === STOPPED) return GIVEN_BACK;
      const outcome = outcomeOf(error, row.attempts, kind);
      const facts = { err: error, ...factsOf(row), becomes: outcome.kind };
      if (outcome.kind === 'again' && !outcome.isCounted) this.#options.log.debug(facts, 'a job was put off');
      else this.#options.log.warn(facts, 'a try of a job failed');
      return outcome;
    } finally {
      clearTimeout(late);
    }
  }

  /** What was done and not kept would be done again, so a database that is busy is asked until the lease ends. */
  async #settleSurely(row: JobRow, lease: Lease, outcome: JobOutcome): Promise<boolean> {
    const { clock, log } = this.#options;
    for (;;) {
      try {
        return await this.#settle(row, lease, outcome);
      } catch (error) {
        const mayAgain =
          error instanceof CodedError && error.code === 'DATABASE_BUSY' && clock.now() < lease.endsAt;
        if (!mayAgain) throw error;
        // The database has waited some seconds already.
        log.warn({ err: error, ...factsOf(row) }, 'the end of a job could not be kept yet');
      }
    }
  }

  /** Answers false when the lease was lost meanwhile: the job is another worker's now. */
  async #settle(row: JobRow, lease: Lease, outcome: JobOutcome): Promise<boolean> {
    const { database, clock, tellOthers, isWorking } = this.#options;
    if (outcome.kind === 'done') return completeJob(database, row.id, lease.id);
    if (outcome.kind === 'dead') return this.#bury(row, lease, outcome.reason);
    const dueAt = Math.floor(clock.now() + outcome.delayMs);
    const attempts = outcome.isCounted ? row.attempts : row.attempts - 1;
    const isMine = await giveJobBack(database, row.id, lease.id, { dueAt, attempts });
    if (!isWorking()) tellOthers(row.name);
    return isMine;
  }

  async #bury(row: JobRow, lease: Lease, reason: string): Promise<boolean> {
    const { database, clock, maxDead, onDead, log } = this.#options;
    const buried = await database.transaction(async (transaction) => {
      if (!(await completeJob(transaction, row.id, lease.id))) return undefined;
      await insertDeadJob(transaction, { ...row, diedAt: Math.floor(clock.now()), reason });
      return { dropped: await trimDeadJobs(transaction, maxDead) };
    });
    if (buried === undefined) return false;
    if (buried.dropped > 0) log.warn({ ...buried, kept: maxDead }, 'the oldest dead jobs were dropped');
    onDead(row, reason);
    return true;
  }
}

function jobOf({ id, name, payload, attempts, createdAt }: JobRow): Job {
  return { id, name, payload: JSON.parse(payload) as JobPayload, attempt: attempts, createdAtMs: createdAt };
}

function factsOf({ id, name, attempts }: JobRow): Readonly<Record<string, unknown>> {
  return { job: id, name, attempt: attempts };
}
