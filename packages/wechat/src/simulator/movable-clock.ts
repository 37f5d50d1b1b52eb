import type { Clock, ManualClock, Milliseconds } from '@maque/kit';

/** A clock that runs as `base` does and can be moved ahead of it, so that nobody waits 5 minutes for a code to expire. */
export function createMovableClock(base: Clock): Pick<ManualClock, 'now' | 'monotonic' | 'advance'> {
  let ahead: Milliseconds = 0;
  return {
    now: () => base.now() + ahead,
    monotonic: () => base.monotonic() + ahead,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock cannot advance by ${ms} ms`);
      ahead += ms;
    },
  };
}
