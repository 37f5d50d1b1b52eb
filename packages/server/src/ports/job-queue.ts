import type { Milliseconds } from '@maque/kit';
import type { DatabaseConnection } from './database.ts';

/** Plain JSON. */
export type JobPayload = Readonly<Record<string, unknown>>;

export interface NewJob {
  /** Of the kind of work: `wechat.push`. Somebody must handle it. */
  readonly name: string;
  /** Plain JSON, at most 64 KiB as text. */
  readonly payload: JobPayload;
  /** While a job of this name and key waits or runs, no second one is made. */
  readonly key?: string;
  /** Not before then: at once unless told. */
  readonly delayMs?: Milliseconds;
}

/**
 * A job as its handler gets it. A job may run twice (a worker that died had done it); never at the same time, as long as
 * its handler ends when its signal says so.
 */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly payload: JobPayload;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly createdAtMs: number;
}

export interface JobHandlerOptions {
  /** How many of this name one worker runs at once: 1 unless told. */
  readonly concurrency?: number;
  /**
   * How long one try may take; then its signal is aborted, and 5 s later it has failed, ended or not: another worker may
   * take the job. 1 min unless told.
   */
  readonly timeoutMs?: Milliseconds;
  /** After so many failed tries it is put with the dead, for an operator to look at: 10 unless told. */
  readonly maxAttempts?: number;
  /** How long to wait after the given failed try (1, 2 …). Doubling from 1 s, with jitter, up to 10 min unless told. */
  readonly retryDelayMs?: (attempt: number) => Milliseconds;
}

export type JobHandler = (job: Job, signal: AbortSignal) => Promise<void>;

/** Thrown by a handler: this job will never work, so no more tries. */
export class HopelessJobError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HopelessJobError';
  }
}

/** Thrown by a handler: not now. The job is tried again after the delay, and this try does not count. */
export class PostponedJobError extends Error {
  readonly delayMs: Milliseconds;

  constructor(message: string, delayMs: Milliseconds, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostponedJobError';
    this.delayMs = delayMs;
  }
}

/** A job that failed for good. */
export interface DeadJob extends Job {
  readonly diedAtMs: number;
  /** The message of its last error. */
  readonly reason: string;
}

export interface JobStats {
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** How long the oldest job that is due has waited. */
  readonly oldestDueMs: Milliseconds;
}

/**
 * Durable work for later, done at least once by one of the workers. A job that was added survives whatever happens to
 * any process.
 */
export interface JobQueue {
  /**
   * Adds a job; answers false when its key was taken. With a connection it is part of that transaction: it exists exactly
   * if the transaction's other writes do.
   * @throws RangeError when the payload, the name or the key is too large, CodedError JOB_QUEUE_FULL when far too many
   * jobs wait.
   */
  add(job: NewJob, connection?: DatabaseConnection): Promise<boolean>;
  /** Says who does the work of a name. Before {@link JobQueue.start}. @throws Error when the name has a handler. */
  handle(name: string, handler: JobHandler, options?: JobHandlerOptions): void;
  /**
   * Work at an interval, once for all workers together, counted from when it last began; the very first turn is due at
   * once. A turn that fails is logged and not repeated before the next; one that lasts as long as the interval is aborted.
   */
  every(name: string, intervalMs: Milliseconds, handler: (signal: AbortSignal) => Promise<void>): void;
  /** Begins to take jobs. */
  start(): void;
  /**
   * Takes no more, waits for what runs (their signals are aborted after `graceMs`) and gives back what is not done. Jobs
   * can still be added; another worker does them.
   */
  stop(graceMs: Milliseconds): Promise<void>;
  stats(): Promise<JobStats>;
  /** The newest first, at most `limit` (1 to 100). */
  dead(limit: number): Promise<readonly DeadJob[]>;
  /** Gives a dead job a fresh start. Answers whether there was one. @throws CodedError JOB_KEY_TAKEN while another has its key. */
  revive(id: string): Promise<boolean>;
}
