import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogHistogram } from './log-histogram.ts';

function histogramOf(durations: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const ms of durations) histogram.add(ms);
  return histogram;
}

describe('LogHistogram', () => {
  it('answers any quantile within 6.25 % of the exact one', () => {
    const durations = fc.array(fc.double({ min: 0.05, max: 2e6, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (ms, q) => {
        const exact = [...ms].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * ms.length)) - 1] ?? 0;
        const estimate = histogramOf(ms).quantile(q) ?? Number.NaN;
        // The integer microsecond that a duration is cut to is the rest of the difference.
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(exact * 0.0625 + 0.001);
      }),
    );
  });

  it('knows nothing before the first duration', () => {
    expect(new LogHistogram().quantile(0.5)).toBeNull();
  });

  it('counts what no clock should say as zero, and what is beyond its range in its last bucket', () => {
    const histogram = histogramOf([Number.NaN, -5, Number.POSITIVE_INFINITY, 1e12]);
    expect(histogram.count).toBe(4);
    expect(histogram.quantile(0.5)).toBeLessThan(0.001);
    expect(histogram.quantile(1)).toBeGreaterThan(1.9e6);
  });

  it('counts exactly below powers of two of microseconds, as Prometheus buckets need it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 26 })),
        fc.integer({ min: 0, max: 25 }),
        (us, exponent) => {
          const exact = us.filter((duration) => duration < 2 ** exponent).length;
          // Half a microsecond keeps the division by 1,000 away from the edges.
          expect(
            histogramOf(us.map((duration) => (duration + 0.5) / 1000)).countBelowPowerOfTwo(exponent),
          ).toBe(exact);
        },
      ),
    );
  });

  it('merges, weighs and clears as if each duration had been added by itself', () => {
    const merged = histogramOf([1, 2]);
    const weighed = histogramOf([3]);
    weighed.add(100, 3);
    merged.merge(weighed);
    const each = histogramOf([1, 2, 3, 100, 100, 100]);
    expect(merged.count).toBe(each.count);
    expect(merged.sumMs).toBe(each.sumMs);
    for (const q of [0.1, 0.4, 0.5, 1]) expect(merged.quantile(q)).toBe(each.quantile(q));
    merged.clear();
    expect(merged.count).toBe(0);
    expect(merged.quantile(1)).toBeNull();
  });

  it('is as before when what was added is subtracted', () => {
    const all = histogramOf([1, 2, 3, 100, 200]);
    all.subtract(histogramOf([100, 200]));
    expect(all.count).toBe(3);
    expect(all.quantile(1)).toBeCloseTo(3, 0);
  });
});
