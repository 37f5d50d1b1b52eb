import type { Clock, Milliseconds } from '@maque/kit';

export interface TurnWatchOptions {
  /** A turn longer than this keeps people waiting. */
  readonly maxTurnMs: Milliseconds;
  /** Long turns must follow each other for this long before they count as overload: bursts pass. */
  readonly standingMs: Milliseconds;
  readonly clock: Clock;
}

/**
 * Tells overload from bursts by the turns of the event loop. Whatever arrives during a turn waits for its end, so the
 * length of a turn is how long requests queue before this process even sees them: in the kernel, where no counter of
 * ours reaches. The rule is CoDel's (RFC 8289): a queue that empties now and then is good, one that stands is not.
 */
export class TurnWatch {
  readonly #options: TurnWatchOptions;
  #startedAtMs: Milliseconds = 0;
  #isOpen = false;
  /** Since when every turn was too long; NaN while they are not. */
  #longSinceMs = Number.NaN;

  constructor(options: TurnWatchOptions) {
    this.#options = options;
  }

  /** To be called for each request; the first one of a turn starts its clock. */
  touch(nowMs: Milliseconds): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#startedAtMs = nowMs;
    setImmediate(this.#endTurn);
  }

  /** Whether the queue stands and this turn has used up its share: what comes now would be served too late. */
  isOverloaded(nowMs: Milliseconds): boolean {
    const { maxTurnMs, standingMs } = this.#options;
    return nowMs - this.#longSinceMs >= standingMs && nowMs - this.#startedAtMs > maxTurnMs;
  }

  readonly #endTurn = (): void => {
    this.#isOpen = false;
    const isLong = this.#options.clock.monotonic() - this.#startedAtMs > this.#options.maxTurnMs;
    if (!isLong) this.#longSinceMs = Number.NaN;
    else if (Number.isNaN(this.#longSinceMs)) this.#longSinceMs = this.#startedAtMs;
  };
}
