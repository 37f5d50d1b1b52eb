import type { Clock, Milliseconds } from '@maque/kit';
import { SLOW_TURN_MS } from './slow-turns-report.ts';

/** A time in which the event loop did not come round. */
export interface SlowTurn {
  readonly fromMs: Milliseconds;
  readonly toMs: Milliseconds;
  /** Requests that began in it. */
  readonly requests: number;
}

// Fifty wakes a second for twenty seconds: a tenth of a percent of a core in that time.
const TICK_MS: Milliseconds = 20;

/** Notes when a timer came late by a slow turn or more: the loop was held up from when it was due until it came. */
export class TurnClock {
  readonly #clock: Clock;
  readonly #begun: () => number;
  readonly #onSlow: (turns: number) => void;
  readonly #max: number;
  readonly #turns: SlowTurn[] = [];
  #lastMs: Milliseconds;
  #lastBegun: number;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param max turns that are noted; later ones are not.
   * @param begun counts the requests that have begun so far.
   */
  constructor(max: number, clock: Clock, begun: () => number, onSlow: (turns: number) => void) {
    this.#max = max;
    this.#clock = clock;
    this.#begun = begun;
    this.#onSlow = onSlow;
    this.#lastMs = clock.monotonic();
    this.#lastBegun = begun();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): readonly SlowTurn[] {
    clearInterval(this.#timer);
    return this.#turns;
  }

  #tick(): void {
    const nowMs = this.#clock.monotonic();
    const begun = this.#begun();
    const fromMs = this.#lastMs + TICK_MS;
    const requests = begun - this.#lastBegun;
    this.#lastMs = nowMs;
    this.#lastBegun = begun;
    if (nowMs - fromMs < SLOW_TURN_MS || this.#turns.length >= this.#max) return;
    this.#turns.push({ fromMs, toMs: nowMs, requests });
    this.#onSlow(this.#turns.length);
  }
}
