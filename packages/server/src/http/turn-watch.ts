import type { Clock, Milliseconds } from '@maque/kit';

/** More requests than this that did not wait for the answer before them are a flood: no mini-program, browser or nginx pipelines. */
const FLOOD_REQUESTS = 128;
/** A flood makes a turn long sooner, since the number of connections does not bound how long it may get. */
const FLOOD_SHARE = 1 / 8;
/** One turn counts for this much of the strain at most, so that a single block of the loop is no overload. */
const TURN_WEIGHT = 1 / 4;
/** Strain follows the last 100 ms: longer than a burst, shorter than patience (CoDel's interval, RFC 8289 §4.2). */
const STRAIN_WINDOW_MS: Milliseconds = 100;
/** Overload begins when this share of recent time went into long turns. */
const OVERLOAD_STRAIN = 0.8;
/** Under overload a turn works for this share of a long one; then it turns away whatever else has come with it. */
const WORKING_SHARE = 1 / 24;
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
  #connections = new Set<object>();
  /** Share of recent time that went into long turns, 0 to 1. */
  #strain = 0;
  #isOverloaded = false;
  #lastRefusalMs: Milliseconds = 0;

  /** @param maxTurnMs a turn longer than this keeps people waiting; an eighth of it in a flood. */
  constructor(maxTurnMs: Milliseconds, clock: Clock) {
    this.#maxTurnMs = maxTurnMs;
    this.#clock = clock;
  }

  /** To be asked once for each request that arrives on a connection: whether it can be answered soon. */
  hasTimeFor(nowMs: Milliseconds, connection: object): boolean {
    this.#arrivals += 1;
    this.#connections.add(connection);
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
    const isFlood = this.#arrivals - this.#connections.size > FLOOD_REQUESTS;
    const longMs = isFlood ? this.#maxTurnMs * FLOOD_SHARE : this.#maxTurnMs;
    const weight = Math.min(TURN_WEIGHT, tookMs / STRAIN_WINDOW_MS);
    this.#strain += ((tookMs > longMs ? 1 : 0) - this.#strain) * weight;
    this.#isOpen = false;
    this.#arrivals = 0;
    // A set that is cleared leaves its last table behind: see `PassingSet`.
    this.#connections = new Set();
    if (this.#isOverloaded) this.#isOverloaded = nowMs - this.#lastRefusalMs < CALM_MS;
    else if (this.#strain >= OVERLOAD_STRAIN) this.#beginOverload(nowMs);
  };

  #beginOverload(nowMs: Milliseconds): void {
    this.#isOverloaded = true;
    this.#lastRefusalMs = nowMs;
    this.#strain = 0;
  }
}
