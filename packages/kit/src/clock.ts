import type { Milliseconds } from './units.ts';

/** Time as a parameter, so that decisions can be tested without waiting. */
export interface Clock {
  /** Wall-clock time in ms since the epoch; may jump. For display and stored timestamps only. */
  now(): number;
  /** Time in ms that never goes back. For ages, timeouts and rates. */
  monotonic(): Milliseconds;
}

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
});

/** A clock that only moves when told. */
export interface ManualClock extends Clock {
  /** Moves both times forward by `ms`. @throws RangeError when `ms` is negative or not finite. */
  advance(ms: Milliseconds): void;
  /** Makes the wall clock jump to `epochMs`; the monotonic time stays. */
  setWallClock(epochMs: number): void;
}

export function createManualClock(startEpochMs = Date.UTC(2026, 0, 1)): ManualClock {
  let wall = startEpochMs;
  let elapsed = 0;
  return {
    now: () => wall,
    monotonic: () => elapsed,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock cannot advance by ${ms} ms`);
      wall += ms;
      elapsed += ms;
    },
    setWallClock(epochMs) {
      wall = epochMs;
    },
  };
}
