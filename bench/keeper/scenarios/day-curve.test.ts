import { expect, test } from 'vitest';
import { busynessAt } from './day-curve.ts';

test('quiet at night, busiest in the evening, and joined at midnight', () => {
  expect(busynessAt(0)).toBeCloseTo(0.12);
  expect(busynessAt(20 / 24)).toBe(1);
  expect(busynessAt(3.5 / 24)).toBeCloseTo(0.03);
  expect(busynessAt(23.5 / 24)).toBeCloseTo((0.3 + 0.12) / 2);
});

test('never outside of 0 to 1, whatever it is asked', () => {
  for (const share of [-1, 0.5, 1, 2]) {
    expect(busynessAt(share)).toBeGreaterThan(0);
    expect(busynessAt(share)).toBeLessThanOrEqual(1);
  }
});
