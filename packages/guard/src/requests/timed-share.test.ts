import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_WEIGHT, TimedShare } from './timed-share.ts';

function draw(share: TimedShare, requests: number) {
  const weights = Array.from({ length: requests }, () => share.draw());
  return { timed: weights.filter((weight) => weight > 0).length, sum: weights.reduce((a, b) => a + b, 0) };
}

it('times every request up to a thousand a second', () => {
  const share = new TimedShare();
  expect(draw(share, 100)).toEqual({ timed: 100, sum: 100 });
  share.pace(500, 500);
  expect(draw(share, 100)).toEqual({ timed: 100, sum: 100 });
});

it('times about a thousand a second of ten thousand, each for those that were not', () => {
  const share = new TimedShare();
  share.pace(5_000, 500);
  const { timed, sum } = draw(share, 100_000);
  expect(timed).toBeGreaterThan(9_000);
  expect(timed).toBeLessThan(11_000);
  expect(Math.abs(sum - 100_000)).toBeLessThanOrEqual(20);
});

it('times all again as soon as a burst is known to be over', () => {
  const share = new TimedShare(() => 0.999);
  share.pace(100_000, 500);
  draw(share, 10);
  share.pace(3, 500);
  expect(draw(share, 5).timed).toBe(5);
});

it('is not led astray by clients that take turns: every second request is slow, and half of the time is theirs', () => {
  const share = new TimedShare();
  share.pace(1_000, 500);
  let slow = 0;
  for (let request = 0; request < 100_000; request += 1) slow += (request % 2) * share.draw();
  expect(slow / 100_000).toBeGreaterThan(0.48);
  expect(slow / 100_000).toBeLessThan(0.52);
});

it('never leaves out more than a bounded number, whatever it is told', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (requests, elapsedMs) => {
      const share = new TimedShare(() => 0.999999);
      share.pace(requests, elapsedMs);
      const weights = Array.from({ length: 300 }, () => share.draw());
      expect(weights.filter((weight) => weight > 0).length).toBeGreaterThan(1);
      expect(Math.max(...weights)).toBeLessThanOrEqual(MAX_WEIGHT);
    }),
  );
});
