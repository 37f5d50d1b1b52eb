import type { Clock, Milliseconds } from '@maque/kit';
import { BoundedMap } from './bounded-map.ts';
import { Refusal } from './refusal.ts';

// One key is a path, or a path and a user; a laptop has not more of them in use at once. Beyond it the oldest restarts.
const MAX_KEYS = 2_000;

interface Window {
  readonly startedAtMs: Milliseconds;
  count: number;
}

export interface Rate {
  readonly limit: number;
  readonly perMs: Milliseconds;
  /** What WeChat answers beyond it. */
  readonly errcode: number;
}

/** Counts calls in fixed windows. */
export class RateLimiter {
  readonly #windows = new BoundedMap<Window>(MAX_KEYS);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one call. @throws Refusal with the rate's errcode when it is one too many. */
  count(key: string, rate: Rate): void {
    const now = this.#clock.monotonic();
    const open = this.#windows.get(key);
    const window =
      open !== undefined && now - open.startedAtMs < rate.perMs ? open : { startedAtMs: now, count: 0 };
    if (window !== open) this.#windows.set(key, window);
    window.count += 1;
    if (window.count > rate.limit) throw new Refusal(rate.errcode);
  }
}
