import type { Combination } from './combination.ts';

/** Boxes of 1 to 4 GiB. The coefficients of the expected peak were chosen after those of `fitted`, and are proven by the rest. */
export const COMBINATIONS: readonly Combination[] = [
  fitted('usual 2 GiB', { workers: 2, users: 64 }),
  fitted('usual 2 GiB, steady', { workers: 2, users: 64, perSecond: 200 }),
  fitted('1 GiB, one worker', { boxMb: 1_024, workers: 1, poolMb: 64, busy: 5, redisMb: 16, users: 32 }),
  fitted('1 GiB, two workers', { boxMb: 1_024, workers: 2, poolMb: 32, busy: 5, redisMb: 16, users: 64 }),
  fitted('three workers', { workers: 3, poolMb: 128, busy: 10, users: 96 }),
  fitted('three workers, many users', { boxMb: 3_072, workers: 3, busy: 15, users: 240 }),
  fitted('small heaps', { workers: 2, memoryMb: 500, poolMb: 256, busy: 20, redisMb: 128, users: 64 }),
  fitted('one small heap', { workers: 1, memoryMb: 300, poolMb: 256, busy: 30, redisMb: 64, users: 64 }),
  fitted('Redis keeps 128 MiB', { workers: 2, redisMb: 128, isPersistent: true, users: 64 }),
  fitted('Redis keeps 64 MiB', { workers: 2, redisMb: 64, isPersistent: true, poolMb: 128, users: 32 }),
  fitted('Redis keeps 256 MiB', { boxMb: 4_096, workers: 3, redisMb: 256, isPersistent: true, users: 64 }),
  fitted('1,000 phones', { workers: 2, idle: 1_000, users: 64 }),
  fitted('2,000 phones', { workers: 2, idle: 2_000, users: 100 }),
  fitted('30 busy connections', { workers: 1, poolMb: 64, busy: 30, users: 64 }),
  fitted('cold pool', { workers: 2, poolMb: 256, touchedMb: 48, busy: 10, users: 64 }),
  fitted('hardly any load', { workers: 2, users: 16, perSecond: 50, busy: 2 }),
  proof('two workers of 800 MiB', {
    boxMb: 4_096,
    workers: 2,
    memoryMb: 800,
    poolMb: 320,
    busy: 12,
    redisMb: 48,
    idle: 500,
    users: 80,
  }),
  proof('three small heaps', { workers: 3, memoryMb: 710, poolMb: 48, busy: 6, redisMb: 32, users: 120 }),
  proof('one worker, large', { workers: 1, memoryMb: 600, poolMb: 224, busy: 14, redisMb: 96, users: 48 }),
  proof('1.5 GiB, kept', {
    boxMb: 1_536,
    workers: 1,
    poolMb: 96,
    busy: 8,
    redisMb: 32,
    isPersistent: true,
    idle: 300,
    users: 48,
    perSecond: 400,
  }),
  proof('Redis keeps 192 MiB', {
    boxMb: 3_072,
    workers: 2,
    poolMb: 160,
    busy: 25,
    redisMb: 192,
    isPersistent: true,
    users: 40,
  }),
  proof('1,500 phones, cold pool', {
    workers: 2,
    poolMb: 128,
    touchedMb: 32,
    busy: 4,
    idle: 1_500,
    users: 32,
  }),
];

type Told = Partial<Combination> & Pick<Combination, 'workers' | 'users'>;

function fitted(name: string, told: Told): Combination {
  return { ...usual(name, told), isFitted: true };
}

function proof(name: string, told: Told): Combination {
  return { ...usual(name, told), isFitted: false };
}

function usual(name: string, told: Told): Combination {
  const box = { boxMb: 2_048, poolMb: 192, busy: 10, redisMb: 64, isPersistent: false, idle: 100 };
  return { name, isFitted: false, ...box, ...told };
}
