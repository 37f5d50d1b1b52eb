import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestedRange } from './byte-range.ts';

const sizes = fc.integer({ min: 1, max: 1_000_000 });
const position = fc.oneof(fc.constant(''), fc.nat({ max: 2_000_000 }).map(String));

it('is inside the file, whatever is asked for', () => {
  fc.assert(
    fc.property(position, position, sizes, (first, last, bytes) => {
      const range = requestedRange(`bytes=${first}-${last}`, bytes);
      if (range === undefined || range === 'outside') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(bytes);
    }),
  );
});

it('never fails, whatever the header is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), sizes, (header, bytes) => {
      if (!header.startsWith('bytes=')) expect(requestedRange(header, bytes)).toBeUndefined();
    }),
  );
});
