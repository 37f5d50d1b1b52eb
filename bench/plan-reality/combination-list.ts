import type { Combination } from './combination.ts';

/**
 * Boxes of 1 to 4 GiB. Every other one has its coefficients fitted to it; each value of a size stands in both halves.
 */
export const COMBINATIONS: readonly Combination[] = [
  combination('usual 2 GiB', true, { workers: 2, users: 64 }),
  combination('usual 2 GiB, steady', false, { workers: 2, users: 64, perSecond: 200 }),
  combination('1 GiB, one worker', true, {
    boxMb: 1_024,
    workers: 1,
    poolMb: 64,
    busy: 5,
    redisMb: 16,
    users: 32,
  }),
  combination('1 GiB, two workers', false, {
    boxMb: 1_024,
    workers: 2,
    poolMb: 32,
    busy: 5,
    redisMb: 16,
    users: 64,
  }),
  combination('three workers', true, { workers: 3, poolMb: 128, busy: 10, users: 96 }),
  combination('three workers, many users', false, { boxMb: 3_072, workers: 3, busy: 15, users: 240 }),
  combination('small heaps', true, {
    workers: 2,
    memoryMb: 500,
    poolMb: 256,
    busy: 20,
    redisMb: 128,
    users: 64,
  }),
  combination('one small heap', false, {
    workers: 1,
    memoryMb: 300,
    poolMb: 256,
    busy: 30,
    redisMb: 64,
    users: 64,
  }),
  combination('Redis keeps 128 MiB', true, { workers: 2, redisMb: 128, isPersistent: true, users: 64 }),
  combination('Redis keeps 64 MiB', false, {
    workers: 2,
    redisMb: 64,
    isPersistent: true,
    poolMb: 128,
    users: 32,
  }),
  combination('Redis keeps 256 MiB', false, {
    boxMb: 4_096,
    workers: 3,
    redisMb: 256,
    isPersistent: true,
    users: 64,
  }),
  combination('1,000 phones', true, { workers: 2, idle: 1_000, users: 64 }),
  combination('2,000 phones', false, { workers: 2, idle: 2_000, users: 100 }),
  combination('30 busy connections', true, { workers: 1, poolMb: 64, busy: 30, users: 64 }),
  combination('cold pool', false, { workers: 2, poolMb: 256, touchedMb: 48, busy: 10, users: 64 }),
  combination('hardly any load', false, { workers: 2, users: 16, perSecond: 50, busy: 2 }),
];

function combination(
  name: string,
  isFitted: boolean,
  told: Partial<Combination> & Pick<Combination, 'workers' | 'users'>,
): Combination {
  const usual = { boxMb: 2_048, poolMb: 192, busy: 10, redisMb: 64, isPersistent: false, idle: 100 };
  return { name, isFitted, ...usual, ...told };
}
