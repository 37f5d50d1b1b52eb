import type { Clock } from './clock.ts';
import type { Milliseconds } from './units.ts';

export interface LastReadingOptions<T> {
  readonly read: () => Promise<T>;
  /** A reading that failed; it is tried again after `everyMs`. */
  readonly onFailure: (error: unknown) => void;
  /** No more often than this, however often somebody asks. */
  readonly everyMs: Milliseconds;
  /** What is older is not told any more: no number is better than a wrong one. */
  readonly goodForMs: Milliseconds;
  readonly clock: Clock;
}

/**
 * Something that takes a while to find out, for those who cannot wait, such as a page of metrics: who asks is told what was
 * found after somebody asked before, and has it looked for again.
 */
export class LastReading<T> {
  readonly #options: LastReadingOptions<T>;
  #value: T | undefined;
  #askedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;
  #readAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: LastReadingOptions<T>) {
    this.#options = options;
  }

  /** Undefined before the first reading, and where the last good one is too old. */
  get(): T | undefined {
    const { clock, everyMs, goodForMs } = this.#options;
    const nowMs = clock.monotonic();
    if (nowMs - this.#askedAtMs >= everyMs) {
      this.#askedAtMs = nowMs;
      void this.#look();
    }
    return nowMs - this.#readAtMs <= goodForMs ? this.#value : undefined;
  }

  async #look(): Promise<void> {
    const { read, onFailure, clock } = this.#options;
    try {
      this.#value = await read();
      this.#readAtMs = clock.monotonic();
    } catch (error) {
      onFailure(error);
    }
  }
}
