import type { Clock, Milliseconds } from '@maque/kit';

/**
 * A clock that stands still while a sample is taken, whose readers all ask how old things are: to look at the real one takes
 * 5 µs where nothing is in a cache, and they would look nine times.
 */
export class HeldClock implements Clock {
  readonly #clock: Clock;
  #heldMs: Milliseconds;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#heldMs = clock.monotonic();
  }

  /** It is now. */
  hold(): void {
    this.#heldMs = this.#clock.monotonic();
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): Milliseconds {
    return this.#heldMs;
  }
}
