import { type Milliseconds, SECOND } from '@maque/kit';

// Two looks at the clock and a place in the histogram cost 0.13 µs a request (Node 26, in a busy server). A thousand a
// second are a p99 of 10,000 requests, and no more than 0.013 % of a core whatever comes.
const TIMED_PER_SECOND = 1_000;

// What 64,000 requests a second ask for: more than one thread of Node answers.
const MAX_EVERY = 64;

/** No request speaks for more: the longest gap is drawn evenly from twice the mean. */
export const MAX_WEIGHT = 2 * MAX_EVERY;

/**
 * Chooses the requests whose duration is measured: all of them up to a thousand a second, a random share above that.
 * Random, since every n-th would pick the same route again and again where clients take turns.
 */
export class TimedShare {
  readonly #random: () => number;
  #every = 1;
  #skipped = 0;
  #toSkip = 0;

  /** @param random from 0 to below 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** @returns how many requests the one that begins now speaks for; 0 for those that others speak for. */
  draw(): number {
    if (this.#skipped < this.#toSkip) {
      this.#skipped += 1;
      return 0;
    }
    const weight = this.#skipped + 1;
    this.#skipped = 0;
    this.#toSkip = this.#every === 1 ? 0 : Math.floor(this.#random() * (2 * this.#every - 1));
    return weight;
  }

  /** Follows the load: so many requests began in the time since the last call. */
  pace(requests: number, elapsedMs: Milliseconds): void {
    const perSecond = elapsedMs > 0 ? (requests / elapsedMs) * SECOND : 0;
    this.#every = Math.min(MAX_EVERY, Math.max(1, Math.round(perSecond / TIMED_PER_SECOND)));
    // After a burst the few that still come are not skipped for it.
    if (this.#every === 1) this.#toSkip = 0;
  }
}
