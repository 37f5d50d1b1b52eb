import { type Milliseconds, SECOND } from '@maque/kit';
import type { FailureRow } from '../errors/failure-row.ts';

// WeChat's "busy" passes within a second or not for minutes: 0.1–0.2 s, 0.2–0.4 s, 0.4–0.8 s cover the first kind.
const FIRST_DELAY: Milliseconds = 200;

// A busy WeChat is not helped by more, and whoever waits has waited a second and a half by then.
const MAX_RETRIES = 3;

// "Not at this very moment" means the next second; when that is refused twice, there is more going on than a coincidence.
const MAX_SECONDS = 2;

/**
 * How long to wait before the same call is sent again, or null when it must not be.
 * @param retriesDone how often it has been sent again already.
 * @param maxRetries how often its caller allows it.
 * @param random a number in [0, 1), so that many processes do not come back together.
 */
export function retryDelay(
  retry: FailureRow['retry'],
  retriesDone: number,
  maxRetries: number,
  random: number,
): Milliseconds | null {
  if (retry === 'next-second') return retriesDone < MAX_SECONDS ? SECOND * (1 + random / 2) : null;
  if (retry !== 'soon' || retriesDone >= Math.min(maxRetries, MAX_RETRIES)) return null;
  return FIRST_DELAY * 2 ** retriesDone * (0.5 + random / 2);
}
