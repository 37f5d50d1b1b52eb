import { DAY, HOUR, MINUTE, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThinnedSeries } from './thinned-series.ts';

const series = (capacity = 400) => new ThinnedSeries({ stepMs: 4 * SECOND, capacity });

describe('a thinned series', () => {
  it('tells seconds apart in the last minute and keeps a day in fewer than 200 points', () => {
    const day = series();
    for (let atMs = 0; atMs <= DAY; atMs += 2 * SECOND)
      day.add({ atMs, value: atMs, weight: 1, requests: [] });
    expect(day.points.length).toBeLessThan(200);
    expect(day.points.filter((point) => point.atMs > DAY - MINUTE).length).toBeGreaterThan(10);
    const old = day.points.filter((point) => point.atMs < DAY - 12 * HOUR);
    expect(old.length).toBeGreaterThan(5);
    expect(day.points[0]?.atMs).toBe(0);
  });

  it('keeps the lowest value of each stretch, and when it was', () => {
    const lows = series();
    for (let second = 0; second < 3_600; second += 1) {
      const value = second === 1_000 ? 1 : 100 + (second % 7);
      lows.add({ atMs: second * SECOND, value, weight: 1, requests: [second] });
    }
    expect(lows.points.find((point) => point.value === 1)).toMatchObject({
      atMs: 1_000 * SECOND,
      weight: 1,
      requests: [1_000],
    });
    expect(lows.points.every((point) => point.value <= 103)).toBe(true);
  });

  it('holds no more points than it was told, and forgets the oldest', () => {
    const short = series(8);
    for (let atMs = 0; atMs < HOUR; atMs += 5 * SECOND)
      short.add({ atMs, value: 1, weight: 1, requests: [] });
    expect(short.points.length).toBe(8);
    expect(short.points.at(-1)?.atMs).toBe(HOUR - 5 * SECOND);
  });

  it('stays in order and bounded whatever the gaps between samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 10 * MINUTE }), fc.double({ noNaN: true }))),
        (steps) => {
          const any = series(50);
          let atMs = 0;
          for (const [gap, value] of steps) {
            atMs += gap;
            any.add({ atMs, value, weight: 1, requests: [] });
          }
          const times = any.points.map((point) => point.atMs);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times.length).toBeLessThanOrEqual(50);
        },
      ),
    );
  });

  it('refuses a step or a capacity that cannot be', () => {
    expect(() => new ThinnedSeries({ stepMs: 0, capacity: 8 })).toThrow(RangeError);
    expect(() => new ThinnedSeries({ stepMs: 1, capacity: 1.5 })).toThrow(RangeError);
  });
});
