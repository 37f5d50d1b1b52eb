import type { Clock, Milliseconds } from '@maque/kit';

/**
 * WeChat's clock. Two things can be done to it: time can pass faster for what grows old here (codes, tokens, payments), and
 * what it says can be wrong. They are apart, because a server beside the simulator lives in real time: were timestamps
 * moved along with what grows old, it would rightly refuse all that is signed after a code was made to expire.
 */
export interface SimulatorClock extends Clock {
  /** What others are told the time is, in ms since the epoch: `Date` headers, timestamps under signatures, times in answers. */
  told(): number;
}

/** A clock that runs as `base` does until it is told to do otherwise. */
export interface MovableClock extends SimulatorClock {
  /** Lets time pass: for all that grows old here, but not for what others are told. */
  advance(ms: Milliseconds): void;
  /** Makes the clock wrong by that much against `base` in what others are told; may be negative, and 0 makes it right. */
  skew(ms: Milliseconds): void;
  readonly skewMs: Milliseconds;
  /** How much time was let pass. */
  readonly aheadMs: Milliseconds;
}

export function createMovableClock(base: Clock): MovableClock {
  let ahead: Milliseconds = 0;
  let skewMs: Milliseconds = 0;
  return {
    now: () => base.now() + ahead,
    monotonic: () => base.monotonic() + ahead,
    told: () => base.now() + skewMs,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock cannot advance by ${ms} ms`);
      ahead += ms;
    },
    skew(ms) {
      if (!Number.isFinite(ms)) throw new RangeError(`a clock cannot be wrong by ${ms} ms`);
      skewMs = ms;
    },
    get skewMs() {
      return skewMs;
    },
    get aheadMs() {
      return ahead;
    },
  };
}
