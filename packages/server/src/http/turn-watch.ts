import type { Clock, Milliseconds } from '@maque/kit';

/** More requests than this in one turn are a flood, since a client has one request out on each connection. */
const MANY_REQUESTS = 128;
/** Strain follows the last 100 ms or so: longer than a burst, shorter than anybody's patience (CoDel's interval, RFC 8289 §4.2). */
const STRAIN_WINDOW_MS: Milliseconds = 100;
/** Overload begins when this share of recent time went into long turns: six of them in a row at least. */
const OVERLOAD_STRAIN = 0.8;
/** Under overload a turn works for this share of a long one; the rest of it goes into turning away what came with it. */
const WORKING_SHARE = 1 / 6;
/** Overload is over when nothing had to be turned away for this long. */
const CALM_MS: Milliseconds = 1_000;

/**
 * Tells overload from bursts by the turns of the event loop. Whatever arrives during a turn waits for its end, so the
 * length of turns is how long requests queue before this process even sees them: in the kernel, where no counter of
 * ours reaches. One long turn is a burst or a collection; long turns that follow each other are a queue that stands.
 * Then each turn takes on only what it can answer soon.
 */
export class TurnWatch {
  readonly #maxTurnMs: Milliseconds;
  readonly #clock: Clock;
  #isOpen = false;
  #startedAtMs: Milliseconds = 0;
  #arrivals = 0;
  /** Share of recent time that went into long turns, 0 to 1. */
  #strain = 0;
  #isOverloaded = false;
  #lastRefusalMs: Milliseconds = 0;

  /** @param maxTurnMs a turn longer than this keeps people waiting; half of it, when it is one of many requests. */
  constructor(maxTurnMs: Milliseconds, clock: Clock) {
    this.#maxTurnMs = maxTurnMs;
    this.#clock = clock;
  }

  /** To be asked once for each request that arrives: whether it can be answered soon. */
  hasTimeFor(nowMs: Milliseconds): boolean {
    this.#arrivals += 1;
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#startedAtMs = nowMs;
      setImmediate(this.#endTurn);
    }
    if (!this.#isOverloaded || nowMs - this.#startedAtMs <= this.#maxTurnMs * WORKING_SHARE) return true;
    this.#lastRefusalMs = nowMs;
    return false;
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  readonly #endTurn = (): void => {
    const nowMs = this.#clock.monotonic();
    const tookMs = nowMs - this.#startedAtMs;
    const longMs = this.#arrivals > MANY_REQUESTS ? this.#maxTurnMs / 2 : this.#maxTurnMs;
    // A single block of the loop, however long, counts as one long turn.
    const weight = Math.min(1, Math.min(tookMs, longMs) / STRAIN_WINDOW_MS);
    this.#strain += ((tookMs > longMs ? 1 : 0) - this.#strain) * weight;
    this.#isOpen = false;
    this.#arrivals = 0;
    if (this.#isOverloaded) this.#isOverloaded = nowMs - this.#lastRefusalMs < CALM_MS;
    else if (this.#strain >= OVERLOAD_STRAIN) this.#beginOverload(nowMs);
  };

  #beginOverload(nowMs: Milliseconds): void {
    this.#isOverloaded = true;
    this.#lastRefusalMs = nowMs;
    this.#strain = 0;
  }
}
