import { GiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limitFormulas, limitsFor } from './limits.ts';

const budgets = fc.integer({ min: 1, max: 8 * GiB });

it('slows nobody down inside its budget, and everybody before the wall', () => {
  fc.assert(
    fc.property(budgets, (budgetBytes) => {
      const { memoryHighBytes, memoryMaxBytes } = limitsFor(budgetBytes, 0);
      expect(memoryHighBytes).toBeGreaterThanOrEqual(budgetBytes);
      expect(memoryHighBytes).toBeLessThan(memoryMaxBytes);
      // What the doctor calls a swamp (check B4).
      expect(memoryHighBytes).toBeGreaterThan(0.8 * memoryMaxBytes);
    }),
    { numRuns: 1_000 },
  );
});

it('says how they came about', () => {
  expect(limitFormulas(limitsFor(362.5 * MiB, 0))).toEqual({ max: '1.05 × 362.5 MiB', high: '362.5 MiB' });
  expect(limitFormulas(limitsFor(2 * MiB, 0))).toEqual({
    max: '1.05 × 2 MiB, ≥ 16',
    high: '0.9 × 16 MiB',
  });
});
