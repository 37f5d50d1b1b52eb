import { MiB } from '@maque/kit';
import { allocate, type Budget, readFacts } from '@maque/ops';
import { expect, it } from 'vitest';
import { workerLimitsOf } from './worker-limits.ts';

function budget(memoryMib: number, workers: number): Budget {
  const plan = allocate(readFacts(), { memoryBytes: memoryMib * MiB, workers });
  if (!plan.fits) throw new Error(`${workers} workers do not fit into ${memoryMib} MiB`);
  return plan;
}

it.each([
  [512, 2],
  [512, 1],
  [1024, 4],
  [2048, 2],
])(
  'gives the heaps of %i MiB and %i workers no more beyond the plan than it keeps back for bursts',
  (mib, workers) => {
    const plan = budget(mib, workers);
    const { oldSpaceMb, heapReserveMb = 0, budgetBytes } = workerLimitsOf(plan);
    expect(oldSpaceMb).toBe(plan.perWorker.oldSpaceMb);
    expect(heapReserveMb).toBeGreaterThan(0);
    expect(heapReserveMb).toBeLessThanOrEqual(oldSpaceMb / 2);
    expect(workers * (budgetBytes + heapReserveMb * MiB) + plan.keeperBytes).toBeLessThanOrEqual(mib * MiB);
  },
);
