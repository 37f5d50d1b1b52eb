import type { Clock, Milliseconds } from '@maque/kit';
import { createWorkWatch, type WorkWatch } from '../sample/work-watch.ts';

/**
 * Does work piece by piece, each piece in a turn of the event loop of its own, so that requests are served in between, and
 * knows how long the process stood still.
 */
export class ShortTurns {
  readonly #clock: Clock;
  readonly #beginWork: WorkWatch;
  #longestMs: Milliseconds = 0;
  #longestWorkMs: Milliseconds = 0;
  #totalMs: Milliseconds = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#beginWork = createWorkWatch(clock);
  }

  /** How long the longest piece took on the clock. */
  get longestMs(): Milliseconds {
    return this.#longestMs;
  }

  /** How long the longest piece would have taken had nobody else wanted the processor. */
  get longestWorkMs(): Milliseconds {
    return this.#longestWorkMs;
  }

  /** All pieces together, on the clock. */
  get totalMs(): Milliseconds {
    return this.#totalMs;
  }

  /** Does the work in this turn. */
  now<Result>(work: () => Result): Result {
    const endWork = this.#beginWork();
    const startedAtMs = this.#clock.monotonic();
    try {
      return work();
    } finally {
      const tookMs = Math.max(0, this.#clock.monotonic() - startedAtMs);
      this.#longestMs = Math.max(this.#longestMs, tookMs);
      this.#longestWorkMs = Math.max(this.#longestWorkMs, endWork());
      this.#totalMs += tookMs;
    }
  }

  /** Does the work in the next turn. */
  async next<Result>(work: () => Result): Promise<Result> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.now(work);
  }
}
