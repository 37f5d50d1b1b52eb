import type { Milliseconds } from '@maque/kit';
import type { ApiError } from './api-error.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Upper end of the first wait; doubles with each further one. */
  readonly baseDelayMs: Milliseconds;
  /** No wait is longer; a `Retry-After` beyond it ends the tries, since nobody looks at a spinner for that long. */
  readonly maxDelayMs: Milliseconds;
}

/**
 * Three tries bridge the replacement of a worker (below 1 s) and a phone that changes cells; 5 s is what people
 * still wait for a page.
 */
export const defaultRetry: RetryPolicy = { attempts: 3, baseDelayMs: 300, maxDelayMs: 5_000 };

/**
 * How long to wait before the next try, undefined when there must be none. Only what may be done twice is tried again, and
 * only when there was no answer or 503: anything else may have been done already, or would fail the same way.
 * @param attempt tries made so far, 1 or more.
 * @param random 0 to below 1; spreads the phones that all lost the same server (full jitter).
 */
export function nextRetryMs(
  policy: RetryPolicy,
  isRepeatable: boolean,
  attempt: number,
  error: ApiError,
  random: number,
): Milliseconds | undefined {
  const passing = error.status === 503 || (error.status === 0 && error.code.startsWith('NETWORK_'));
  if (!isRepeatable || !passing || attempt >= policy.attempts) return undefined;
  const jitter = random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  if (error.retryAfterSeconds === undefined) return jitter;
  const asked = error.retryAfterSeconds * 1_000;
  return asked > policy.maxDelayMs ? undefined : asked + jitter;
}
