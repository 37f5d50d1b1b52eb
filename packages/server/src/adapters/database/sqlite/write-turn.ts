import { errors } from '@maque/contract';
import type { Clock, Milliseconds } from '@maque/kit';

interface Waiter {
  readonly sinceMs: Milliseconds;
  readonly start: () => void;
  readonly refuse: (error: Error) => void;
}

export interface WriteTurnOptions {
  /** Writers that may wait at once; the rest are refused at once. */
  readonly maxWaiting: number;
  /** How long one may wait for its turn. */
  readonly maxWaitMs: Milliseconds;
  readonly clock: Clock;
}

/** Gives out the right to write, to one after the other in the order in which they asked. */
export class WriteTurn {
  readonly #options: WriteTurnOptions;
  readonly #waiting: Waiter[] = [];
  #isTaken = false;

  constructor(options: WriteTurnOptions) {
    this.#options = options;
  }

  /**
   * Takes the turn at once when it is free. Answers undefined then, so that the common case makes no promise.
   * @throws CodedError DATABASE_BUSY when too many wait already; rejects with it when the wait takes too long.
   */
  take(): Promise<void> | undefined {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return undefined;
    }
    if (this.#waiting.length >= this.#options.maxWaiting)
      throw errors.DATABASE_BUSY({ retryAfterSeconds: 1 });
    return new Promise((start, refuse) => {
      this.#waiting.push({ start, refuse, sinceMs: this.#options.clock.monotonic() });
    });
  }

  /** Gives the turn to the next one who has not waited for too long. */
  release(): void {
    const now = this.#options.clock.monotonic();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (now - next.sinceMs <= this.#options.maxWaitMs) {
        next.start();
        return;
      }
      next.refuse(errors.DATABASE_BUSY({ retryAfterSeconds: 1 }));
    }
    this.#isTaken = false;
  }
}
