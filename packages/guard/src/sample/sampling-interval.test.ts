import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextInterval } from './sampling-interval.ts';

const BOUNDS = { minMs: 500, maxMs: 10_000 };

describe('nextInterval', () => {
  it.each([
    ['busy', 0.9, false, 10_000, 500],
    ['half busy', 0.5, false, 10_000, 500],
    ['not quite half busy', 0.49, false, 10_000, 1000],
    ['a quarter busy', 0.25, false, 10_000, 1000],
    ['lightly busy', 0.1, false, 10_000, 2500],
    ['idle', 0.001, false, 10_000, 10_000],
    ['idle under pressure', 0.001, true, 10_000, 500],
    ['unknown', null, false, 10_000, 500],
    ['idle just now', 0, false, 500, 1000],
  ])('%s', (_what, utilization, underPressure, intervalMs, expected) => {
    expect(nextInterval({ utilization, underPressure, intervalMs }, BOUNDS)).toBe(expected);
  });

  it('stays between its bounds', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.boolean(),
        fc.integer({ min: 500, max: 10_000 }),
        (utilization, underPressure, intervalMs) => {
          const next = nextInterval(
            { utilization: Number.isNaN(utilization) ? null : utilization, underPressure, intervalMs },
            BOUNDS,
          );
          expect(next).toBeGreaterThanOrEqual(500);
          expect(next).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });
});
