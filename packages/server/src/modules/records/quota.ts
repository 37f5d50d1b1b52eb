import type { Milliseconds } from '@maque/kit';

/** Lets so many through in each stretch of time: for what strangers can bring about without end. */
export class Quota {
  readonly #max: number;
  readonly #everyMs: Milliseconds;
  #since: Milliseconds = Number.NEGATIVE_INFINITY;
  #taken = 0;

  constructor(max: number, everyMs: Milliseconds) {
    this.#max = max;
    this.#everyMs = everyMs;
  }

  /** Whether there is one left; takes it. @param nowMs of a clock that is never set back. */
  take(nowMs: Milliseconds): boolean {
    if (nowMs - this.#since >= this.#everyMs) {
      this.#since = nowMs;
      this.#taken = 0;
    }
    if (this.#taken === this.#max) return false;
    this.#taken += 1;
    return true;
  }
}
