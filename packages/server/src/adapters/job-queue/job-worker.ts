import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import type { Logger } from '../../logging/logger.ts';
import type { Database, Job, JobPayload } from '../../ports/index.ts';
import { insertDeadJob, trimDeadJobs } from './dead-job-store.ts';
import { endWork, STOPPED } from './end-work.ts';
import { type JobKind, type JobOutcome, outcomeOf } from './job-outcome.ts';
import {
  claimJob,
  completeJob,
  giveJobBack,
  type JobRow,
  type UpcomingJob,
  upcomingJobs,
} from './job-store.ts';
import { newId } from './new-id.ts';
import type { WorkPermits } from './work-permits.ts';

export interface JobWorkerOptions {
  readonly database: Database;
  readonly permits: WorkPermits;
  readonly log: Logger;
  readonly clock: Clock;
  /** How long a job may stay unseen of which no notice came. */
  readonly pollMs: Milliseconds;
  /** Dead jobs that are kept. */
  readonly maxDead: number;
  /** Told of each job that failed for good. */
  readonly onDead: (job: JobRow, reason: string) => void;
  /** Tells the other workers that there is something to take. */
  readonly tellOthers: (name: string) => void;
}

/** Pressure comes and goes within seconds; asking after it costs no query. */
const HELD_BACK_LOOK_MS: Milliseconds = SECOND;

interface Desk {
  readonly kind: JobKind;
  running: number;
  /** When the next job of this name is due that is not yet; infinity when none is known of. */
  nextDueAt: number;
}

interface Lease {
  readonly id: string;
  readonly endsAt: number;
}

/** What a handler has left to end in after its signal; then another worker may take the job. */
const LEASE_SLACK_MS: Milliseconds = 5 * SECOND;
/** Jobs that come due one by one are taken together: 50 looks a second at most, 20 ms late at most. */
const LOOK_SPACING_MS: Milliseconds = 20;

/** Takes jobs and does them, as many of each name at once as its handler allows. */
export class JobWorker {
  readonly #options: JobWorkerOptions;
  readonly #desks = new Map<string, Desk>();
  readonly #toLookAt = new Set<string>();
  /** Names whose jobs were left because of pressure, in the order in which they will have their turn. */
  readonly #heldBack = new Set<string>();
  readonly #runs = new Map<Promise<void>, AbortController>();
  #state: 'idle' | 'working' | 'stopping' = 'idle';
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: JobWorkerOptions) {
    this.#options = options;
  }

  /** @throws Error when the name has a handler, or the worker has begun. */
  add(kind: JobKind): void {
    if (this.#state !== 'idle') throw new Error('handlers are given before the queue starts');
    if (this.#desks.has(kind.name)) throw new Error(`jobs of the name ${kind.name} have a handler already`);
    this.#desks.set(kind.name, { kind, running: 0, nextDueAt: Number.POSITIVE_INFINITY });
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'working';
    this.#wakeAll();
  }

  /** There may be a job of this name to take. */
  wake(name: string): void {
    if (this.#state !== 'working' || !this.#desks.has(name)) return;
    this.#toLookAt.add(name);
    this.#looking ??= this.#lookAround();
  }

  async stop(graceMs: Milliseconds): Promise<void> {
    this.#state = 'stopping';
    clearTimeout(this.#timer);
    await this.#looking;
    // What ignores its signal keeps its lease: nobody shall do it beside a handler that is still at it.
    await endWork(
      () => [...this.#runs.keys()],
      graceMs,
      () => {
        for (const abort of this.#runs.values()) abort.abort(STOPPED);
      },
    );
  }

  #wakeAll(): void {
    for (const name of this.#desks.keys()) this.wake(name);
  }

  #wakeHeldBack(): void {
    const names = [...this.#heldBack];
    this.#heldBack.clear();
    for (const name of names) this.wake(name);
  }

  async #lookAround(): Promise<void> {
    try {
      for (const name of this.#toLookAt) {
        this.#toLookAt.delete(name);
        const desk = this.#desks.get(name);
        if (desk !== undefined && this.#state === 'working') await this.#lookAt(desk);
      }
    } catch (error) {
      this.#toLookAt.clear();
      this.#options.log.error({ err: error }, 'jobs could not be taken; the next look tries again');
    }
    this.#looking = undefined;
    this.#sleep();
  }

  async #lookAt(desk: Desk): Promise<void> {
    const { database, permits, clock } = this.#options;
    const { name, concurrency } = desk.kind;
    this.#heldBack.delete(name);
    desk.nextDueAt = Number.POSITIVE_INFINITY;
    const slots = concurrency - desk.running;
    if (slots <= 0) return;
    const free = Math.min(slots, permits.free);
    if (free === 0) {
      this.#heldBack.add(name);
      return;
    }
    const nowMs = clock.now();
    const upcoming = await upcomingJobs(database, name, free + 1);
    const due = upcoming.filter(({ dueAt }) => dueAt <= nowMs).slice(0, free);
    desk.nextDueAt = upcoming.find(({ dueAt }) => dueAt > nowMs)?.dueAt ?? Number.POSITIVE_INFINITY;
    if (due.length === 0) return;
    const lease = { id: newId(), endsAt: nowMs + desk.kind.timeoutMs + LEASE_SLACK_MS };
    const claimed = await this.#claim(due, lease, nowMs);
    for (const row of claimed) this.#begin(desk, row, lease);
    // Others were faster, and there may be more behind what they took.
    if (claimed.length < due.length) this.#toLookAt.add(name);
  }

  /** Takes what nobody else has, all in one transaction. */
  #claim(due: readonly UpcomingJob[], lease: Lease, nowMs: number): Promise<readonly JobRow[]> {
    return this.#options.database.transaction(async (transaction) => {
      const claimed: JobRow[] = [];
      for (const job of due) {
        const row = await claimJob(transaction, job, lease, nowMs);
        if (row !== undefined) claimed.push(row);
      }
      return claimed;
    });
  }

  #begin(desk: Desk, row: JobRow, lease: Lease): void {
    const { kind } = desk;
    const abort = new AbortController();
    desk.running += 1;
    const run = this.#options.permits
      .during(() => this.#run(kind, row, lease, abort))
      .finally(() => {
        desk.running -= 1;
        this.#runs.delete(run);
        this.#wakeHeldBack();
        this.wake(kind.name);
      });
    this.#runs.set(run, abort);
  }

  async #run(kind: JobKind, row: JobRow, lease: Lease, abort: AbortController): Promise<void> {
    const outcome = await this.#attempt(kind, row, abort);
    try {
      const isMine = await this.#settle(row, lease, outcome);
      if (!isMine)
        this.#options.log.warn(factsOf(row), 'a job lasted longer than its lease, and may be done twice');
    } catch (error) {
      this.#options.log.error(
        { err: error, ...factsOf(row) },
        'the end of a job was not kept; it is done again',
      );
    }
  }

  /** One try of a job. Never rejects. */
  async #attempt(kind: JobKind, row: JobRow, abort: AbortController): Promise<JobOutcome> {
    // Its worker died in the last try, and it may well be the job that kills.
    if (row.attempts > kind.maxAttempts)
      return { kind: 'dead', reason: 'its worker ended during the last try' };
    if (this.#state !== 'working') return GIVEN_BACK;
    const late = setTimeout(() => abort.abort(new Error('the job took too long')), kind.timeoutMs);
    try {
      await kind.handler(jobOf(row), abort.signal);
      return { kind: 'done' };
    } catch (error) {
      if (abort.signal.reason === STOPPED) return GIVEN_BACK;
      const outcome = outcomeOf(error, row.attempts, kind);
      this.#options.log.warn({ err: error, ...factsOf(row), becomes: outcome.kind }, 'a try of a job failed');
      return outcome;
    } finally {
      clearTimeout(late);
    }
  }

  /** Answers false when the lease was lost meanwhile: the job is another worker's now. */
  async #settle(row: JobRow, lease: Lease, outcome: JobOutcome): Promise<boolean> {
    const { database, clock, tellOthers } = this.#options;
    if (outcome.kind === 'done') return completeJob(database, row.id, lease.id);
    if (outcome.kind === 'dead') return this.#bury(row, lease, outcome.reason);
    const dueAt = Math.floor(clock.now() + outcome.delayMs);
    const attempts = outcome.isCounted ? row.attempts : row.attempts - 1;
    const isMine = await giveJobBack(database, row.id, lease.id, { dueAt, attempts });
    if (this.#state !== 'working') tellOthers(row.name);
    return isMine;
  }

  async #bury(row: JobRow, lease: Lease, reason: string): Promise<boolean> {
    const { database, clock, maxDead, onDead, log } = this.#options;
    const buried = await database.transaction(async (transaction) => {
      if (!(await completeJob(transaction, row.id, lease.id))) return undefined;
      await insertDeadJob(transaction, { ...row, diedAt: clock.now(), reason });
      return { dropped: await trimDeadJobs(transaction, maxDead) };
    });
    if (buried === undefined) return false;
    if (buried.dropped > 0) log.warn({ ...buried, kept: maxDead }, 'the oldest dead jobs were dropped');
    onDead(row, reason);
    return true;
  }

  #sleep(): void {
    if (this.#state !== 'working') return;
    if (this.#toLookAt.size > 0) {
      this.#looking = this.#lookAround();
      return;
    }
    const nextDueAt = Math.min(...[...this.#desks.values()].map((desk) => desk.nextDueAt));
    const dueInMs = Math.max(LOOK_SPACING_MS, nextDueAt - this.#options.clock.now());
    const heldMs = this.#heldBack.size > 0 ? HELD_BACK_LOOK_MS : Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wakeAll(), Math.min(dueInMs, heldMs, this.#options.pollMs)).unref();
  }
}

const GIVEN_BACK: JobOutcome = { kind: 'again', delayMs: 0, isCounted: false };

function jobOf({ id, name, payload, attempts, createdAt }: JobRow): Job {
  return { id, name, payload: JSON.parse(payload) as JobPayload, attempt: attempts, createdAtMs: createdAt };
}

function factsOf({ id, name, attempts }: JobRow): Readonly<Record<string, unknown>> {
  return { job: id, name, attempt: attempts };
}
