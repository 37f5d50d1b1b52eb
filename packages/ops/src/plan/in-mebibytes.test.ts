import { GiB, KiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fittingPlans } from '../../testing/plan-requests.ts';
import { roundBytes } from './in-mebibytes.ts';
import { memoryBarText } from './picture/memory-bar-text.ts';
import { limitsTable } from './present/plan-tables.ts';

it('rounds half a MiB up, and calls crumbs crumbs', () => {
  const sizes = [0, 5 * KiB, 42.4 * MiB, 42.5 * MiB, 42.7 * MiB, 1.5 * GiB];
  expect(sizes.map(roundBytes)).toEqual(['0 B', '< 1 MiB', '42 MiB', '43 MiB', '43 MiB', '1.5 GiB']);
});

it('gives a service the same size in the bar and in the table of limits, in any plan', () => {
  fc.assert(
    fc.property(fittingPlans(), (plan) => {
      const bar = memoryBarText(plan, 'en');
      for (const { request } of plan.services) {
        const [, inTable = ''] = limitsTable(plan, 'en').rows.find((row) => row?.[0] === request.name) ?? [];
        const inBar = bar.find((line) => line.startsWith(`${request.name} `));
        expect(inBar).toContain(` ${inTable} `);
      }
    }),
    { numRuns: 200 },
  );
});
