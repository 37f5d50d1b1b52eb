import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { defaultRetry, nextRetryMs } from './retry.ts';

const busy = (retryAfterSeconds?: number) =>
  new ApiError('OVERLOADED', '', { status: 503, retryAfterSeconds });

test('waits double at their upper end and are spread below it', () => {
  const longest = (attempt: number) => nextRetryMs(defaultRetry, true, attempt, busy(), 0.999_999);
  expect(longest(1)).toBeCloseTo(300, 1);
  expect(longest(2)).toBeCloseTo(600, 1);
  expect(longest(3)).toBeUndefined();
  expect(nextRetryMs(defaultRetry, true, 1, busy(), 0)).toBe(0);
});

test('whatever a server asks for, no wait is longer than twice the longest', () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (seconds, attempt, random) => {
        const policy = { attempts: 100, baseDelayMs: 300, maxDelayMs: 5_000 };
        const waitMs = nextRetryMs(policy, true, attempt, busy(seconds), random);
        if (seconds > 5) return waitMs === undefined;
        return waitMs !== undefined && waitMs >= seconds * 1_000 && waitMs <= 10_000;
      },
    ),
  );
});
