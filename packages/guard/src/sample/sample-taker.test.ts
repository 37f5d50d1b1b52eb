import { createManualClock, MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SampleReaders, SampleTaker } from './sample-taker.ts';

const HEALTHY: SampleReaders = {
  memory: () => ({
    heapUsed: 20 * MiB,
    heapTotal: 30 * MiB,
    external: 5 * MiB,
    arrayBuffers: MiB,
    rss: 80 * MiB,
    anonymous: 50 * MiB,
  }),
  gc: () => ({ majors: 2, minors: 10, totalMs: 100, floor: 12 * MiB, floorAtMs: 5 }),
  loop: (timerLateMs) => ({ utilization: 0.2, delayP50Ms: null, delayP99Ms: timerLateMs, delayMaxMs: null }),
  box: () => ({ kind: 'cgroup', limit: 512 * MiB, used: 100 * MiB, stall: 0 }),
  handles: () => 7,
};

const BROKEN: SampleReaders = {
  memory: () => {
    throw new Error('no /proc');
  },
  gc: () => ({
    majors: Number.NaN,
    minors: Number.NaN,
    totalMs: Number.NaN,
    floor: Number.NaN,
    floorAtMs: null,
  }),
  loop: () => ({
    utilization: Number.NaN,
    delayP50Ms: Number.NaN,
    delayP99Ms: Number.POSITIVE_INFINITY,
    delayMaxMs: Number.NaN,
  }),
  box: () => {
    throw new Error('the group vanished');
  },
  handles: () => Number.NaN,
};

describe('SampleTaker', () => {
  it('puts a flat sample together', () => {
    const clock = createManualClock(1_000);
    clock.advance(500);
    const sample = new SampleTaker(HEALTHY, clock, 256 * MiB).take(3);
    expect(sample).toEqual({
      atMs: 1_500,
      uptimeMs: 500,
      heapUsed: 20 * MiB,
      heapTotal: 30 * MiB,
      heapFloor: 12 * MiB,
      heapFloorAtMs: 5,
      heapLimit: 256 * MiB,
      external: 5 * MiB,
      arrayBuffers: MiB,
      native: 15 * MiB,
      anonymous: 50 * MiB,
      rss: 80 * MiB,
      gcMajors: 2,
      gcMinors: 10,
      gcMs: 100,
      gcShare: 0,
      loopUtilization: 0.2,
      loopDelayP50Ms: null,
      loopDelayP99Ms: 3,
      handles: 7,
      boxKind: 'cgroup',
      boxLimit: 512 * MiB,
      boxUsed: 100 * MiB,
      memoryStall: 0,
    });
    expect(JSON.stringify(sample).length).toBeLessThan(600);
  });

  it('says null, or what it last knew, when readers fail or answer nonsense', () => {
    const clock = createManualClock();
    let readers = HEALTHY;
    const current: SampleReaders = {
      memory: () => readers.memory(),
      gc: (loopLateMs) => readers.gc(loopLateMs),
      loop: (late) => readers.loop(late),
      box: () => readers.box(),
      handles: () => readers.handles(),
    };
    const taker = new SampleTaker(current, clock, 256 * MiB);
    const before = taker.take(0);
    readers = BROKEN;
    clock.advance(500);
    const after = taker.take(0);
    const kept = ['heapUsed', 'heapTotal', 'external', 'gcMajors', 'gcMinors', 'gcMs'] as const;
    for (const field of kept) expect(after[field]).toBe(before[field]);
    const unknown = [
      'heapFloor',
      'arrayBuffers',
      'native',
      'anonymous',
      'rss',
      'loopUtilization',
      'loopDelayP99Ms',
      'handles',
      'boxLimit',
      'boxUsed',
      'memoryStall',
    ] as const;
    for (const field of unknown) expect(after[field]).toBeNull();
  });

  it('has only finite numbers, whatever the readers and the clock say', () => {
    const any = fc.double();
    fc.assert(
      fc.property(any, any, any, any, (a, b, c, d) => {
        const clock = { now: () => 1, monotonic: () => d };
        const taker = new SampleTaker(
          {
            memory: () => ({ heapUsed: a, heapTotal: b, external: c, arrayBuffers: d, rss: a, anonymous: b }),
            gc: () => ({ majors: a, minors: b, totalMs: c, floor: d, floorAtMs: a }),
            loop: () => ({ utilization: a, delayP50Ms: b, delayP99Ms: c, delayMaxMs: d }),
            box: () => ({ kind: 'machine', limit: d, used: a, stall: b }),
            handles: () => c,
          },
          clock,
          MiB,
        );
        for (const sample of [taker.take(a), taker.take(b)]) {
          for (const value of Object.values(sample)) {
            expect(typeof value !== 'number' || Number.isFinite(value)).toBe(true);
          }
        }
      }),
    );
  });

  it('does not go back in time, and keeps its share of collections, when the clock does', () => {
    let now = 10_000;
    const clock = { now: () => now, monotonic: () => now };
    let totalMs = 0;
    const readers = { ...HEALTHY, gc: () => ({ ...HEALTHY.gc(null), totalMs }) };
    const taker = new SampleTaker(readers, clock, MiB);
    taker.take(0);
    now = 11_000;
    totalMs = 500;
    const before = taker.take(0);
    now = 0;
    const after = taker.take(0);
    expect(after.uptimeMs).toBe(before.uptimeMs);
    expect(after.gcShare).toBe(before.gcShare);
  });

  it('smooths the share of collections over some five seconds, at any pace', () => {
    const shareAfter = (seconds: number, stepMs: number) => {
      const clock = createManualClock();
      let totalMs = 0;
      const taker = new SampleTaker({ ...HEALTHY, gc: () => ({ ...HEALTHY.gc(null), totalMs }) }, clock, MiB);
      taker.take(0);
      for (let elapsed = 0; elapsed < seconds * 1000; elapsed += stepMs) {
        clock.advance(stepMs);
        totalMs += stepMs * 0.8;
        taker.take(0);
      }
      return taker.take(0).gcShare;
    };
    expect(shareAfter(1, 500)).toBeLessThan(0.2);
    expect(shareAfter(10, 500)).toBeGreaterThan(0.6);
    expect(shareAfter(10, 500)).toBeCloseTo(shareAfter(10, 5000), 2);
  });
});
