import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowthFitter, type GrowthPoints, knotAt, knotNow } from './growth-fit.ts';

const NOISE = { sigma: 1, worth: 2 };

function points(values: readonly number[], stepMs = 10_000): GrowthPoints {
  const agoMs = Float64Array.from(values, (_, index) => (values.length - 1 - index) * stepMs);
  return {
    count: values.length,
    agoMs,
    axis: agoMs,
    mebibytes: Float64Array.from(values),
    weight: new Float64Array(values.length).fill(1),
  };
}

/** Growth between two ages, as the fitter is meant to see it. */
const clamped = (agoMs: number, onsetMs: number, bendMs: number, after: number): number =>
  agoMs > onsetMs ? 0 : onsetMs - Math.max(agoMs, bendMs) + after * (bendMs - Math.min(agoMs, bendMs));

describe('a fit of growth', () => {
  it('finds the base, the rate and the level of growth that began in between and goes on', () => {
    const data = points([20, 20, 20, 20, 20, 25, 30, 35, 40]);
    const fit = new GrowthFitter(data, NOISE).fit(knotAt(data, 40_000), knotNow(data), 1);
    expect(fit?.base).toBeCloseTo(20, 6);
    expect((fit?.rate ?? 0) * 1_000).toBeCloseTo(0.5, 6);
    expect(fit?.level).toBeCloseTo(40, 6);
  });

  it('says of growth that has ended that its rate is nothing now', () => {
    const data = points([10, 15, 20, 25, 25, 25, 25]);
    const fit = new GrowthFitter(data, NOISE).fit(knotAt(data, 60_000), knotAt(data, 30_000), 0);
    expect(fit).toMatchObject({ rate: 0 });
    expect(fit?.level).toBeCloseTo(25, 6);
  });

  it('has nothing to say of a pool that shrinks', () => {
    const data = points([50, 40, 30, 20]);
    expect(new GrowthFitter(data, NOISE).fit(knotAt(data, 30_000), knotNow(data), 1)).toBeNull();
  });

  it('finds more evidence for the shape that the points have', () => {
    const fill = points([10, 20, 30, 40, 50, 50.2, 49.9, 50.1, 50, 50]);
    const fitter = new GrowthFitter(fill, NOISE);
    const start = knotAt(fill, 90_000);
    const ended = fitter.fit(start, knotAt(fill, 50_000), 0)?.evidence ?? Number.NaN;
    const ongoing = fitter.fit(start, knotNow(fill), 1)?.evidence ?? Number.NaN;
    expect(ended).toBeGreaterThan(ongoing + 3);
    expect(ongoing).toBeGreaterThan(fitter.flat().evidence);
  });

  it('takes two jumps for steps rather than for a slope', () => {
    const jumps = points([10, 10, 10, 30, 30, 30, 30, 52, 52, 52, 52]);
    const fitter = new GrowthFitter(jumps, NOISE);
    const steps = fitter.steps([3, 7]);
    expect(steps).toBeGreaterThan((fitter.fit(knotAt(jumps, 100_000), knotNow(jumps), 1)?.evidence ?? 0) + 5);
  });

  it('agrees with least squares that loop over every point', () => {
    const value = fc.double({ min: 0, max: 500, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 5, maxLength: 40 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.constantFrom(0, 0.25, 1),
        (values, onsetShare, bendShare, after) => {
          const data = points(values);
          const onset = knotAt(data, onsetShare * (values.length - 1) * 10_000);
          const bend = knotAt(data, onset.agoMs * bendShare);
          const fit = new GrowthFitter(data, NOISE).fit(onset, bend, after);
          const grown = [...data.agoMs].map((agoMs) => clamped(agoMs, onset.agoMs, bend.agoMs, after));
          const [slope, base] = leastSquares(grown, values);
          if (fit === null) expect(!(slope > 1e-9)).toBe(true);
          else {
            expect(fit.base).toBeCloseTo(base, 3);
            expect(fit.level).toBeCloseTo(base + slope * (grown.at(-1) ?? 0), 3);
          }
        },
      ),
    );
  });
});

function leastSquares(x: readonly number[], y: readonly number[]): [slope: number, base: number] {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const sxy = x.reduce((sum, v, index) => sum + (v - mx) * ((y[index] ?? 0) - my), 0);
  const slope = sxx > 0 ? sxy / sxx : 0;
  return [slope, my - slope * mx];
}
