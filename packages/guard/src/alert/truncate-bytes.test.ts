import fc from 'fast-check';
import { expect, it } from 'vitest';
import { truncateBytes } from './truncate-bytes.ts';

it('keeps what fits, and cuts at a character', () => {
  expect(truncateBytes('内存泄漏', 12)).toBe('内存泄漏');
  expect(truncateBytes('内存泄漏', 11)).toBe('内存…');
  expect(truncateBytes('a🔴🔴', 8)).toBe('a🔴…');
  expect(truncateBytes('a🔴🔴', 7)).toBe('a…');
});

it('never goes over the limit or splits a character', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '内', '🔴'), maxLength: 100 });
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 150 }), (whole, limit) => {
      const cut = truncateBytes(whole, limit);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
      expect(cut === whole || whole.startsWith(cut.slice(0, -1))).toBe(true);
      expect(cut).not.toContain('\ufffd');
    }),
  );
});
