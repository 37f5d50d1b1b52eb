import type { CapacityCase } from './combination.ts';

/** Users enough that none of them asks more than 50 times a second, which is what nginx lets pass. */
const USERS = 240;

/** Boxes whose capacity is foretold from a load test of a few who ask at once. */
export const CAPACITIES: readonly CapacityCase[] = [
  capacity('capacity of one worker', 1, 8),
  capacity('capacity of two workers', 2, 16),
  capacity('capacity of two workers, 8 at once', 2, 8),
  capacity('capacity of three workers', 3, 16),
];

function capacity(name: string, workers: number, calibratedBy: number): CapacityCase {
  const box = { boxMb: 2_048, poolMb: 64, busy: 5, redisMb: 16, isPersistent: false, idle: 0, users: USERS };
  return { name, isFitted: false, ...box, workers, calibratedBy };
}
