import type { PressureLevel } from '@maque/guard';
import { type Bytes, type Clock, KiB, type Milliseconds, SECOND } from '@maque/kit';
import type { Logger } from '../../logging/logger.ts';
import {
  type Database,
  type DatabaseConnection,
  type DeadJob,
  DuplicateValueError,
  type JobHandler,
  type JobHandlerOptions,
  type JobPayload,
  type JobQueue,
  type JobStats,
  jobQueueErrors,
  type MessageBus,
  type NewJob,
} from '../../ports/index.ts';
import {
  countDeadJobs,
  type DeadJobRow,
  deleteDeadJob,
  findDeadJob,
  newestDeadJobs,
} from './dead-job-store.ts';
import { kindOf } from './job-outcome.ts';
import { JobRoom } from './job-room.ts';
import { insertJob, jobCounts } from './job-store.ts';
import { JobWorker } from './job-worker.ts';
import { newId } from './new-id.ts';
import { RecurringWorker } from './recurring-worker.ts';
import { WorkPermits } from './work-permits.ts';

export interface DatabaseJobQueueOptions {
  readonly database: Database;
  /** Wakes the workers when there is a job to take. */
  readonly bus: MessageBus;
  readonly log: Logger;
  readonly clock: Clock;
  /** How short of memory this process is; see {@link WorkPermits}. */
  readonly pressure: () => PressureLevel;
  /** Told of each job that failed for good. */
  readonly onDead: (job: { readonly name: string }, reason: string) => void;
  /** A number in [0, 1). */
  readonly random?: () => number;
  readonly pollMs?: Milliseconds;
  /** Jobs that may wait; 100,000 unless told: some 50 MB of the database with payloads as ours. */
  readonly maxJobs?: number;
  /** Dead jobs that are kept, the newest; 1,000 unless told, more than anybody looks through. */
  readonly maxDead?: number;
}

const CHANNEL = 'jobs';
const MAX_PAYLOAD: Bytes = 64 * KiB;
const MAX_KEY_LENGTH = 200;
const NAME = /^[\w.-]{1,64}$/;
/**
 * Notices bring jobs at once; only one that was lost, with the worker that was to send it, waits for this. Looking at ten
 * names and six recurring works takes 0.4 ms (measured): a hundredth of a percent of a core.
 */
const POLL_MS: Milliseconds = 5 * SECOND;

/** A job queue in the database: durable, and part of its transactions. */
export class DatabaseJobQueue implements JobQueue {
  readonly #options: DatabaseJobQueueOptions;
  readonly #random: () => number;
  readonly #room: JobRoom;
  readonly #jobs: JobWorker;
  readonly #recurring: RecurringWorker;
  readonly #toTell = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: DatabaseJobQueueOptions) {
    const { pollMs = POLL_MS, maxJobs = 100_000, maxDead = 1_000, random = Math.random } = options;
    const { database, log, clock, onDead } = options;
    this.#options = options;
    this.#random = random;
    this.#room = new JobRoom({ max: maxJobs, recountMs: POLL_MS, clock });
    const common = { database, log, clock, pollMs };
    // Apart: a full queue takes every permit at once, and payments are looked after by recurring work.
    const permits = () => new WorkPermits(options.pressure);
    const tellOthers = (name: string) => this.#tell(name);
    this.#jobs = new JobWorker({ ...common, permits: permits(), maxDead, onDead, tellOthers });
    this.#recurring = new RecurringWorker({ ...common, permits: permits() });
  }

  async add(
    { name, payload, key, delayMs = 0 }: NewJob,
    connection: DatabaseConnection = this.#options.database,
  ): Promise<boolean> {
    const text = checkedPayload(name, payload, key);
    await this.#room.enter(connection);
    const createdAt = Math.floor(this.#options.clock.now());
    const row = { id: newId(), name, uniqueKey: key ?? null, payload: text, attempts: 0, createdAt };
    try {
      await insertJob(connection, row, Math.floor(createdAt + delayMs));
    } catch (error) {
      if (error instanceof DuplicateValueError) return false;
      throw error;
    }
    connection.afterCommit(() => this.#tell(name));
    return true;
  }

  handle(name: string, handler: JobHandler, options: JobHandlerOptions = {}): void {
    this.#jobs.add(kindOf(name, handler, options, this.#random));
  }

  every(name: string, intervalMs: Milliseconds, handler: (signal: AbortSignal) => Promise<void>): void {
    this.#recurring.add({ name, intervalMs, handler });
  }

  start(): void {
    if (this.#stopped !== undefined) return;
    this.#unsubscribe = this.#options.bus.subscribe(CHANNEL, (name) => {
      if (typeof name === 'string') this.#jobs.wake(name);
    });
    this.#jobs.start();
    this.#recurring.start();
  }

  stop(graceMs: Milliseconds): Promise<void> {
    this.#stopped ??= this.#end(graceMs);
    return this.#stopped;
  }

  async stats(): Promise<JobStats> {
    const { database, clock } = this.#options;
    const nowMs = clock.now();
    const { jobs, running, oldestDueAt } = await jobCounts(database, nowMs);
    return {
      waiting: jobs - running,
      running,
      dead: await countDeadJobs(database),
      oldestDueMs: oldestDueAt === null ? 0 : nowMs - oldestDueAt,
    };
  }

  async dead(limit: number): Promise<readonly DeadJob[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > 100)
      throw new RangeError('1 to 100 dead jobs can be had');
    return (await newestDeadJobs(this.#options.database, limit)).map(deadJobOf);
  }

  async revive(id: string): Promise<boolean> {
    const { database, clock } = this.#options;
    try {
      return await database.transaction(async (transaction) => {
        const dead = await findDeadJob(transaction, id);
        if (dead === undefined || !(await deleteDeadJob(transaction, id))) return false;
        const now = Math.floor(clock.now());
        // A fresh start: for a job that is judged by its age, too.
        await insertJob(transaction, { ...dead, attempts: 0, createdAt: now }, now);
        transaction.afterCommit(() => this.#tell(dead.name));
        return true;
      });
    } catch (error) {
      throw error instanceof DuplicateValueError ? jobQueueErrors.JOB_KEY_TAKEN({ cause: error }) : error;
    }
  }

  async #end(graceMs: Milliseconds): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all([this.#jobs.stop(graceMs), this.#recurring.stop(graceMs)]);
  }

  /** Many jobs that are added in one turn of the event loop are one notice. */
  #tell(name: string): void {
    if (this.#toTell.size === 0) setImmediate(() => this.#publish());
    this.#toTell.add(name);
  }

  #publish(): void {
    for (const name of this.#toTell) this.#options.bus.publish(CHANNEL, name);
    this.#toTell.clear();
  }
}

function checkedPayload(name: string, payload: JobPayload, key: string | undefined): string {
  if (!NAME.test(name)) throw new RangeError('the name of a job has 1 to 64 letters, digits, _, . or -');
  if (key !== undefined && (key === '' || key.length > MAX_KEY_LENGTH)) {
    throw new RangeError(`the key of a job has 1 to ${MAX_KEY_LENGTH} characters`);
  }
  const text = JSON.stringify(payload);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_PAYLOAD)
    throw new RangeError(`a job's payload is ${bytes} bytes; ${MAX_PAYLOAD} are allowed`);
  return text;
}

function deadJobOf({ id, name, payload, attempts, createdAt, diedAt, reason }: DeadJobRow): DeadJob {
  return {
    ...{ id, name, attempt: attempts, createdAtMs: createdAt, diedAtMs: diedAt, reason },
    payload: JSON.parse(payload) as JobPayload,
  };
}
