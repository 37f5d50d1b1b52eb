import type { Milliseconds } from '@maque/kit';
import type { Database, JobQueue } from '@maque/server/ports';

/** One worker's way to the jobs. */
export interface QueueUnderTest {
  readonly queue: JobQueue;
  /** Ends it as the kernel ends a process: nothing is waited for, nothing given back. */
  kill(): Promise<void>;
}

export interface JobQueueUnderTest {
  /** Another worker on the same jobs. */
  connect(): Promise<QueueUnderTest>;
  /** Where jobs are added in transactions. */
  readonly database: Database;
  /** Lets so much time pass for the queues. */
  pass(ms: Milliseconds): Promise<void>;
  remove(): Promise<void>;
}
