import { GiB, MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import type { MemorySample } from '../sample/memory-sample.ts';
import { poolsOf } from './state.ts';

const SAMPLE = {
  heapUsed: 90 * MiB,
  heapFloor: 64 * MiB,
  heapLimit: 256 * MiB,
  external: 100 * MiB,
  native: 20 * MiB,
  boxUsed: GiB,
  boxLimit: 2 * GiB,
} as MemorySample;

it('measures each pool against what it can grow to', () => {
  expect(poolsOf(SAMPLE)).toEqual({
    heap: { used: 64 * MiB, limit: 256 * MiB, share: 0.25 },
    external: { used: 100 * MiB, limit: 1124 * MiB, share: 100 / 1124 },
    native: { used: 20 * MiB, limit: 1044 * MiB, share: 20 / 1044 },
    box: { used: GiB, limit: 2 * GiB, share: 0.5 },
  });
});

it('takes the heap in use before the first major collection, and knows no room where nobody tells', () => {
  const pools = poolsOf({ ...SAMPLE, heapFloor: null, native: null, boxUsed: null });
  expect(pools.heap.used).toBe(90 * MiB);
  expect(pools.external).toEqual({ used: 100 * MiB, limit: null, share: null });
  expect(pools.native).toBeNull();
  expect(pools.box).toBeNull();
});

it('sees no room left in a box that is over its limit', () => {
  expect(poolsOf({ ...SAMPLE, boxUsed: 3 * GiB }).external.share).toBe(1);
});
