import { KiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OutputPace } from './output-pace.ts';

it('lets a burst pass, then drops until a second’s worth may pass again', () => {
  const pace = new OutputPace({ bytesPerSecond: 1_000, burstBytes: 4_000 });
  expect([pace.admits(3_000, 0), pace.admits(1_000, 0), pace.admits(1, 0)]).toEqual([true, true, false]);
  expect(pace.admits(1, 900)).toBe(false);
  expect([pace.admits(600, 1_000), pace.admits(400, 1_000), pace.admits(1, 1_000)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(pace.admits(4_000, 60_000)).toBe(true);
});

it('never keeps more than the burst and the rate, however the output comes', () => {
  const chunks = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 64 * KiB }), afterMs: fc.nat({ max: 200 }) }),
    {
      maxLength: 2_000,
    },
  );
  fc.assert(
    fc.property(chunks, (all) => {
      const pace = new OutputPace();
      let [nowMs, kept] = [0, 0];
      for (const { bytes, afterMs } of all) {
        nowMs += afterMs;
        if (pace.admits(bytes, nowMs)) kept += bytes;
      }
      expect(kept).toBeLessThanOrEqual(MiB + (MiB * nowMs) / 1_000);
    }),
    { numRuns: 50 },
  );
});

it('refuses a burst that could never come back', () => {
  expect(() => new OutputPace({ bytesPerSecond: 2_000, burstBytes: 1_999 })).toThrow(RangeError);
});
