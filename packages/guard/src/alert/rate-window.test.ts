import { MINUTE, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RateWindow } from './rate-window.ts';

it('lets the next one go when the oldest leaves the window', () => {
  const rate = new RateWindow([{ count: 2, windowMs: MINUTE }]);
  rate.take(0);
  rate.take(10 * SECOND);
  expect(rate.waitMs(20 * SECOND)).toBe(40 * SECOND);
  expect(rate.waitMs(MINUTE)).toBe(0);
});

it('never lets more than its count through in any window, whoever asks when', () => {
  const limits = [
    { count: 15, windowMs: MINUTE },
    { count: 3, windowMs: SECOND },
  ];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 * SECOND }), { maxLength: 300 }), (gaps) => {
      const rate = new RateWindow(limits);
      const sent: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        if (rate.waitMs(now) > 0) continue;
        rate.take(now);
        sent.push(now);
      }
      for (const { count, windowMs } of limits) {
        for (const start of sent) {
          expect(sent.filter((time) => time >= start && time < start + windowMs).length).toBeLessThanOrEqual(
            count,
          );
        }
      }
    }),
    { numRuns: 50 },
  );
});
