import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from './iso-time.ts';

it('prints what Date prints, in any order of days', () => {
  const time = fc.integer({
    min: Date.parse('0001-01-01T00:00:00Z'),
    max: Date.parse('9999-12-31T23:59:59Z'),
  });
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 10 }), (times) => {
      expect(times.map(isoTime)).toEqual(times.map((ms) => new Date(ms).toISOString()));
    }),
  );
});

it.each([0, -1, 86_399_999, 86_400_000, Date.UTC(2028, 1, 29)])('prints %d ms', (ms) => {
  expect(isoTime(ms)).toBe(new Date(ms).toISOString());
});
