import { type Milliseconds, RingBuffer } from '@maque/kit';
import type { Death } from './alert-facts.ts';
import type { DeathCount } from './readings.ts';

// Far above every threshold that makes sense; a process that dies every second has gone through all of them by then.
const MOST_COUNTED = 100;

/** Counts deaths in a sliding window; a hundred at most. */
export class RecentDeaths {
  readonly #windowMs: Milliseconds;
  readonly #times = new RingBuffer<Milliseconds>(MOST_COUNTED);
  #last: Death | undefined;

  constructor(windowMs: Milliseconds) {
    this.#windowMs = windowMs;
  }

  /** @param nowMs monotonic. */
  add(death: Death, nowMs: Milliseconds): void {
    this.#times.push(nowMs);
    this.#last = death;
  }

  count(nowMs: Milliseconds): DeathCount {
    const count = [...this.#times].filter((time) => nowMs - time < this.#windowMs).length;
    return { count, last: this.#last, windowMs: this.#windowMs };
  }
}
