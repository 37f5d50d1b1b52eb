import { type Milliseconds, SECOND } from '@maque/kit';
import { endWork, STOPPED } from './end-work.ts';
import type { JobKind } from './job-outcome.ts';
import { JobRunner, type JobRunnerOptions, LEASE_SLACK_MS, type Lease } from './job-runner.ts';
import { claimJob, type JobRow, type UpcomingJob, upcomingJobs } from './job-store.ts';
import { newId } from './new-id.ts';
import type { WorkPermits } from './work-permits.ts';

export interface JobWorkerOptions extends Omit<JobRunnerOptions, 'isWorking'> {
  readonly permits: WorkPermits;
  /** How long a job may stay unseen of which no notice came. */
  readonly pollMs: Milliseconds;
}

interface Desk {
  readonly kind: JobKind;
  running: number;
  /** When the next job of this name is due that is not yet; infinity when none is known of. */
  nextDueAt: number;
}

/** Jobs that come due one by one are taken together: 50 looks a second at most, 20 ms late at most. */
const LOOK_SPACING_MS: Milliseconds = 20;
/** Pressure comes and goes within seconds; asking after it costs no query. */
const HELD_BACK_LOOK_MS: Milliseconds = SECOND;

/** Takes jobs and does them, as many of each name at once as its handler allows. */
export class JobWorker {
  readonly #options: JobWorkerOptions;
  readonly #runner: JobRunner;
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
    this.#runner = new JobRunner({ ...options, isWorking: () => this.#state === 'working' });
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
    const { claimed, lease } = await this.#claim(due, desk.kind);
    for (const row of claimed) this.#begin(desk, row, lease);
    // Others were faster, and there may be more behind what they took.
    if (claimed.length < due.length) this.#toLookAt.add(name);
  }

  /**
   * Takes what nobody else has, all in one transaction. The lease counts from within it: another writer may hold it up for
   * seconds, which would be missing when the handlers' time is over.
   */
  #claim(
    due: readonly UpcomingJob[],
    { timeoutMs }: JobKind,
  ): Promise<{ readonly claimed: readonly JobRow[]; readonly lease: Lease }> {
    const { database, clock } = this.#options;
    return database.transaction(async (transaction) => {
      const nowMs = clock.now();
      const lease = { id: newId(), endsAt: nowMs + timeoutMs + LEASE_SLACK_MS };
      const claimed: JobRow[] = [];
      for (const job of due) {
        const row = await claimJob(transaction, job, lease, nowMs);
        if (row !== undefined) claimed.push(row);
      }
      return { claimed, lease };
    });
  }

  #begin(desk: Desk, row: JobRow, lease: Lease): void {
    const { kind } = desk;
    const abort = new AbortController();
    desk.running += 1;
    const run = this.#options.permits
      .during(() => this.#runner.run(kind, row, lease, abort))
      .finally(() => {
        desk.running -= 1;
        this.#runs.delete(run);
        this.#wakeHeldBack();
        this.wake(kind.name);
      });
    this.#runs.set(run, abort);
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
