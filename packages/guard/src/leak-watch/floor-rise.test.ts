import { MiB, type Milliseconds, SECOND } from '@maque/kit';
import { expect, it } from 'vitest';
import type { MemorySample } from '../sample/memory-sample.ts';
import { FloorRise } from './floor-rise.ts';

const at = (
  seconds: number,
  used: number,
  floor: number | null,
  floorAtMs: Milliseconds | null,
): MemorySample =>
  ({
    uptimeMs: seconds * SECOND,
    heapUsed: used * MiB,
    heapFloor: floor === null ? null : floor * MiB,
    heapFloorAtMs: floorAtMs,
  }) as MemorySample;

it('tells how far floors lie apart', () => {
  const rise = new FloorRise();
  rise.add(at(1, 30, null, null));
  rise.add(at(2, 20, 20, 2_000));
  expect(rise.ofFloors).toBe(0);
  rise.add(at(30, 27, 26, 30_000));
  expect(rise.ofFloors).toBe(6 * MiB);
  rise.add(at(31, 27, 26, 30_000));
  expect(rise.ofFloors).toBe(6 * MiB);
});

it('tells what has come on top of the last one, whatever the young generation holds for a moment', () => {
  const rise = new FloorRise();
  for (let second = 0; second <= 60; second += 1) {
    // Kept: 0.1 MiB a second. Young garbage: up to 16 MiB, collected every eight seconds.
    rise.add(at(second, 20 + second * 0.1 + (second % 8) * 2, 20, 0));
    if (second < 10) expect(rise.sinceFloor).toBe(0);
  }
  expect(rise.sinceFloor / MiB).toBeGreaterThan(3);
  expect(rise.sinceFloor / MiB).toBeLessThan(6.5);
  rise.add(at(61, 26, 26, 61_000));
  expect(rise.sinceFloor).toBe(0);
});
