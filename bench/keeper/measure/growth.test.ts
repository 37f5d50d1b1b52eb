import { expect, test } from 'vitest';
import { seededRandom } from '../../load/random.ts';
import { growthOf } from './growth.ts';

const every = (seconds: number, count: number, value: (second: number) => number) =>
  Array.from({ length: count }, (_, index) => ({
    atMs: index * seconds * 1_000,
    value: value(index * seconds),
  }));

test('a straight line is its own slope', () => {
  const { perHour, low, high } = growthOf(every(1, 600, (second) => 50 + second / 360));
  expect(perHour).toBeCloseTo(10, 6);
  expect(high - low).toBeLessThan(1e-6);
});

test('noise around a constant does not grow', () => {
  const random = seededRandom(7);
  const { low, high } = growthOf(every(1, 600, () => 50 + 10 * random()));
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0);
});

test('growth shows through noise', () => {
  const random = seededRandom(7);
  const { low, high } = growthOf(every(1, 600, (second) => second / 30 + 10 * random()));
  expect(low).toBeGreaterThan(60);
  expect(high).toBeLessThan(180);
});

test('too few samples are refused', () => {
  expect(() => growthOf(every(1, 11, () => 1))).toThrow(RangeError);
});
