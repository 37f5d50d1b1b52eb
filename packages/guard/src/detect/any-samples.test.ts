import { DAY, HOUR, MINUTE } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDetector, type Detector } from './detector.ts';
import { boundedSample, type DetectorSample } from './detector-sample.ts';
import { ExternalLivePoints, HeapLivePoints, NativeLivePoints } from './live-points.ts';

/** Whatever a broken reader, a hostile recording or a foreign system may say. */
const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 ** 40 }) },
  { weight: 1, arbitrary: fc.double() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -1, -0, 1e300, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY),
  },
);
const maybe = fc.option(anyNumber);
const wildSample = fc.record({
  gapMs: fc.oneof(
    { weight: 5, arbitrary: fc.constant(500) },
    { weight: 2, arbitrary: fc.integer({ min: -HOUR, max: DAY }) },
    { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN, Number.MAX_SAFE_INTEGER) },
  ),
  floorAgeMs: fc.option(fc.oneof(fc.integer({ min: -MINUTE, max: HOUR }), fc.constant(Number.NaN))),
  isFloorExact: fc.boolean(),
  heapUsed: anyNumber,
  heapTotal: anyNumber,
  heapFloor: maybe,
  heapLimit: anyNumber,
  minors: maybe,
  external: anyNumber,
  resident: maybe,
  boxLimit: maybe,
  boxUsed: maybe,
  requests: fc.array(anyNumber, { maxLength: 12 }),
});
type WildSample = typeof wildSample extends fc.Arbitrary<infer Sample> ? Sample : never;

function pushAll(detector: Detector, samples: readonly WildSample[]): void {
  let atMs = 0;
  for (const { gapMs, floorAgeMs, ...rest } of samples) {
    atMs += gapMs;
    detector.push({ ...rest, atMs, heapFloorAtMs: floorAgeMs === null ? null : atMs - floorAgeMs });
    if (!Number.isFinite(atMs)) atMs = 0;
  }
}

function expectSane(detector: Detector, horizonMs: number): void {
  for (const verdict of detector.evaluate(horizonMs)) {
    const { probability, leakProbability, growthProbability, timeToLimitMs, bytesPerSecondInterval } =
      verdict;
    for (const share of [probability, leakProbability, growthProbability]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
    }
    expect(timeToLimitMs === null || timeToLimitMs >= 0).toBe(true);
    expect(Number.isFinite(verdict.level)).toBe(true);
    expect(Number.isFinite(verdict.bytesPerSecond)).toBe(true);
    expect(bytesPerSecondInterval[0]).toBeLessThanOrEqual(bytesPerSecondInterval[1]);
  }
}

describe('samples of any kind', () => {
  it('make verdicts that are probabilities, on any horizon, and bring nothing down', () => {
    const property = fc.property(
      fc.array(wildSample, { maxLength: 120 }),
      fc.integer({ min: 1, max: 30 * DAY }),
      (samples, horizonMs) => {
        const detector = createDetector();
        pushAll(detector, samples);
        expectSane(detector, horizonMs);
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  it('do no harm for later: after them a process is judged as if they had not been', () => {
    const unusable = wildSample.map((sample) => ({ ...sample, heapUsed: Number.NaN, gapMs: Number.NaN }));
    const property = fc.property(fc.array(unusable, { maxLength: 20 }), (samples) => {
      const disturbed = createDetector();
      pushAll(disturbed, samples);
      const calm = createDetector();
      for (const detector of [disturbed, calm]) for (const sample of leak(240)) detector.push(sample);
      expect(disturbed.evaluate()).toEqual(calm.evaluate());
    });
    fc.assert(property, { numRuns: 30 });
  });
});

describe('what the detector remembers', () => {
  it('is bounded: a year of samples with thousands of routes leaves a few hundred points of eight routes', () => {
    const live = [new HeapLivePoints(), new ExternalLivePoints(), new NativeLivePoints()];
    const routes = Array.from({ length: 5_000 }, (_, route) => route);
    const [sample] = leak(1);
    let last: DetectorSample | null = null;
    for (let minute = 0; minute < (365 * DAY) / (10 * MINUTE); minute += 1) {
      const atMs = minute * 10 * MINUTE;
      const raw = {
        ...(sample as DetectorSample),
        atMs,
        heapFloorAtMs: minute % 7 === 0 ? atMs : 0,
        requests: routes,
      };
      last = boundedSample(raw, last);
      for (const points of live) if (last !== null) points.push(last);
    }
    for (const points of live) {
      const held = points.points();
      expect(held.length).toBeGreaterThan(100);
      expect(held.length).toBeLessThanOrEqual(364);
      expect(Math.max(...held.map(({ requests }) => requests.length))).toBe(8);
    }
  });
});

/** A leak of 1 MiB/s with a collection each 15 s. */
function leak(seconds: number): DetectorSample[] {
  return Array.from({ length: seconds }, (_, second) => ({
    atMs: 1e6 + second * 1000,
    heapUsed: (30 + second) * 2 ** 20,
    heapTotal: 300 * 2 ** 20,
    heapFloor: (30 + second - (second % 15)) * 2 ** 20,
    heapFloorAtMs: 1e6 + (second - (second % 15)) * 1000,
    heapLimit: 512 * 2 ** 20,
    minors: second,
    external: 4e6,
    resident: 4e8,
    boxLimit: 1e9,
    boxUsed: null,
    requests: [],
  }));
}
