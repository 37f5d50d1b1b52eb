import type { Clock, Milliseconds } from '@maque/kit';
import { type DatabaseConnection, jobQueueErrors } from '../../ports/index.ts';
import { countJobs } from './job-store.ts';

export interface JobRoomOptions {
  /** Jobs that may wait at once. */
  readonly max: number;
  /** How old a count may be: counting 100,000 jobs takes some milliseconds. */
  readonly recountMs: Milliseconds;
  readonly clock: Clock;
}

/** Keeps the queue from growing without end while nobody works it off. Between counts each process knows its own jobs. */
export class JobRoom {
  readonly #options: JobRoomOptions;
  #count = 0;
  #countedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: JobRoomOptions) {
    this.#options = options;
  }

  /** @throws CodedError JOB_QUEUE_FULL */
  async enter(connection: DatabaseConnection): Promise<void> {
    const { max, recountMs, clock } = this.#options;
    if (clock.monotonic() - this.#countedAtMs >= recountMs) {
      this.#countedAtMs = clock.monotonic();
      this.#count = await countJobs(connection);
    }
    if (this.#count >= max) {
      throw jobQueueErrors.JOB_QUEUE_FULL({
        data: { count: this.#count },
        retryAfterSeconds: Math.ceil(recountMs / 1_000),
      });
    }
    this.#count += 1;
  }
}
