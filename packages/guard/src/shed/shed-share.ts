import { type Milliseconds, SECOND } from '@maque/kit';
import type { Pressure } from '../pressure/pressure.ts';

// The first critical sample turns one request in five away: enough to be felt, little if it was one bad moment.
const FIRST_SHARE = 0.2;
// From there to almost all within eight seconds at the critical value, within three at three times of it.
const RISE_PER_SECOND = 0.1;
const MAX_SEVERITY = 3;
// Some are always served: requests are what makes V8 collect, and the sample after that says whether it is over.
const MAX_SHARE = 0.95;
// Half of the speed of the slowest rise while pressure is still elevated, so that the share settles where pressure
// does, and ten seconds back to nothing when it is gone, so that the clients who come back do not bring it back.
const FALL_PER_SECOND = { none: 0.1, elevated: 0.05 };
// Longer silences say nothing of what happened in them: a process that slept for a minute does not jump to the maximum.
const MAX_STEP_MS: Milliseconds = 2 * SECOND;

/**
 * The share of requests to turn away from now on, 0 to 0.95: it rises while pressure is critical, the faster the
 * further beyond, and falls slowly when it is not. It finds by itself what a fixed share would have to guess.
 * @param elapsedMs time since `share` was decided.
 */
export function nextShedShare(share: number, pressure: Pressure, elapsedMs: Milliseconds): number {
  // Compared so that NaN is no time at all.
  const seconds = elapsedMs > 0 ? Math.min(elapsedMs, MAX_STEP_MS) / SECOND : 0;
  if (pressure.level !== 'critical') {
    return Math.max(0, share - FALL_PER_SECOND[pressure.level] * seconds);
  }
  if (share < FIRST_SHARE) return FIRST_SHARE;
  return Math.min(MAX_SHARE, share + RISE_PER_SECOND * severityOf(pressure) * seconds);
}

/** How far the worst reason is beyond its critical value: 1 at it, 3 at most. */
function severityOf({ reasons }: Pressure): number {
  let worst = 1;
  for (const { value, critical } of reasons) {
    if (critical > 0 && value / critical > worst) worst = value / critical;
  }
  return Math.min(worst, MAX_SEVERITY);
}
