import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTicks, gapsIn } from './chart-scale.ts';

test('ticks are round and few', () => {
  expect(axisTicks(194, 1)).toEqual([0, 50, 100, 150]);
  expect(axisTicks(54, 1)).toEqual([0, 20, 40]);
  expect(axisTicks(1, 1)).toEqual([0, 0.5, 1]);
  const MiB = 1024 * 1024;
  expect(axisTicks(552 * MiB, MiB).map((tick) => tick / MiB)).toEqual([0, 200, 400]);
});

test('there are never more than five, and they never leave the axis', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (top) => {
      const ticks = axisTicks(top, 1);
      return ticks.length >= 2 && ticks.length <= 5 && ticks.every((tick) => tick >= 0 && tick <= top);
    }),
  );
});

test('a pause of more than three polls is a gap', () => {
  expect(gapsIn([0, 2, 4, 10, 12, 40, 42], 0, 6)).toEqual([[12, 40]]);
  expect(gapsIn([0, 2, 4, 10, 12, 40, 42], 5, 6)).toEqual([]);
});
