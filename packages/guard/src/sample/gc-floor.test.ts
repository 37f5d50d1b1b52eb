import { setTimeout as sleep } from 'node:timers/promises';
import { MiB } from '@maque/kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Collector } from '../collect-garbage.ts';
import { GcFloor } from './gc-floor.ts';
import { GcTime } from './gc-time.ts';

const collector = new Collector();
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function watchFloor(): GcFloor {
  const floor = new GcFloor({ onMajor: () => {}, onCost: () => {} });
  closers.push(() => floor.stop());
  return floor;
}

function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** Twenty minor collections within some 40 ms. */
async function collectOften(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    collector.minor();
    await sleep(1);
  }
}

/** Makes minor collections so frequent that they need not be watched. */
async function tire(read: () => unknown, isWatching: () => boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      await collectOften();
      read();
      expect(isWatching()).toBe(false);
    },
    { timeout: 5_000 },
  );
}

describe('GcFloor', () => {
  it('tells what survived the last major collection', async () => {
    const floor = watchFloor();
    const kept = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    collector.major();
    const { heapUsed } = collector.inUse();
    await vi.waitFor(() => expect(floor.read(null).floor).not.toBeNull());
    const reading = floor.read(null);
    expect(Math.abs((reading.floor ?? 0) - heapUsed)).toBeLessThan(2 * MiB);
    expect(performance.now() - (reading.floorAtMs ?? 0)).toBeLessThan(2_000);
    expect(reading.majors).toBeGreaterThan(0);
    expect(reading.totalMs).toBeGreaterThan(0);
    expect(kept).toHaveLength(200_000);
  });

  it('knows no floor when the loop was blocked too long after the collection', async () => {
    const floor = watchFloor();
    collector.major();
    block(600);
    await sleep(20);
    expect(floor.read(null)).toMatchObject({ floor: null, floorAtMs: null });
  });

  it('believes a floor that was read unwatched when the loop was in time, not when it was late', async () => {
    for (const [loopLateMs, believed] of [
      [20, true],
      [600, false],
      [null, false],
    ] as const) {
      const floor = watchFloor();
      let resting = floor.read(0);
      for (let round = 0; round < 3; round += 1) {
        await collectOften();
        resting = floor.read(0);
      }
      collector.major();
      await sleep(20);
      const after = floor.read(loopLateMs);
      expect(after.majors).toBeGreaterThan(resting.majors);
      expect(after.floorAtMs !== resting.floorAtMs).toBe(believed);
      floor.stop();
    }
  });
});

describe('GcTime', () => {
  function watchTime(): GcTime {
    const time = new GcTime(() => {});
    closers.push(() => time.stop());
    return time;
  }

  it('counts few collections one by one', async () => {
    const time = watchTime();
    await sleep(50);
    const before = time.read(true);
    collector.minor();
    collector.minor();
    await sleep(1_000);
    const after = time.read(true);
    // V8 may find it time for one of its own.
    expect(after.minors - before.minors).toBeGreaterThanOrEqual(2);
    expect(after.minors - before.minors).toBeLessThan(6);
    expect(after.totalMs).toBeGreaterThan(before.totalMs);
    expect(time.watching).toBe(true);
  });

  it('reckons frequent ones from those it watches, and watches again after thirty readings', async () => {
    const time = watchTime();
    await tire(
      () => time.read(true),
      () => time.watching,
    );
    const rested = time.read(true);
    await sleep(50);
    const reckoned = time.read(true);
    expect(reckoned.minors).toBeGreaterThan(rested.minors);
    expect(reckoned.totalMs).toBeGreaterThan(rested.totalMs);
    let readings = 2;
    while (!time.watching) {
      time.read(true);
      readings += 1;
    }
    expect(readings).toBe(30);
  });

  it('watches again after a major collection, and while nobody knows how late the loop is', async () => {
    const time = watchTime();
    await tire(
      () => time.read(true),
      () => time.watching,
    );
    time.major();
    expect(time.watching).toBe(true);
    await tire(
      () => time.read(true),
      () => time.watching,
    );
    time.read(false);
    expect(time.watching).toBe(true);
    await collectOften();
    time.read(false);
    expect(time.watching).toBe(true);
  });
});
