import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

const now = new Date('2026-11-20T01:02:03.456Z');

test('without options everything runs', () => {
  const options = readOptions([], now);
  expect(options?.parts).toEqual(['shop', 'cold-start', 'faults', 'overload', 'cgroup']);
  expect(options?.jsonFile).toMatch(/bench\/results\/2026-11-20T01-02-03-456Z\.json$/);
});

test('parts can be chosen', () => {
  expect(readOptions(['--only', 'shop,cgroup'], now)?.parts).toEqual(['shop', 'cgroup']);
});

test.each([
  [['--only', 'shops'], /--only knows .*shops/],
  [['--rounds', '0'], /--rounds is a whole number/],
  [['--seconds', '1.5'], /--seconds is a whole number/],
  [['--colour'], /--colour/],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args, now)).toThrow(message);
});
