import { expect, test } from 'vitest';
import { pairedRatio } from './paired-ratio.ts';

test('what disturbs both of a pair falls out', () => {
  const { ratio, low, high } = pairedRatio([
    [10, 20],
    [100, 200],
    [7, 14],
  ]);
  expect(ratio).toBeCloseTo(0.5, 10);
  expect(high - low).toBeLessThan(1e-9);
});

test('the interval is that of Student for so many pairs', () => {
  // Logarithms 0.01, 0.02 and 0.03: mean 0.02, deviation 0.01, t = 4.303, margin 0.02484.
  const pairs = [0.01, 0.02, 0.03].map((log) => [Math.exp(log), 1] as const);
  const { ratio, low, high } = pairedRatio(pairs);
  expect(Math.log(ratio)).toBeCloseTo(0.02, 6);
  expect(Math.log(low)).toBeCloseTo(-0.00484, 4);
  expect(Math.log(high)).toBeCloseTo(0.04484, 4);
});

test('one pair has no interval', () => {
  expect(() => pairedRatio([[1, 1]])).toThrow(RangeError);
});
