import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloorTrack } from './floor-track.ts';
import { GrowthTrack } from './growth-track.ts';
import { HeapTrack } from './heap-track.ts';

describe('GrowthTrack', () => {
  const trackOf = (sizes: readonly number[], everyMs = 250) => {
    const track = new GrowthTrack();
    for (const [index, mib] of sizes.entries()) track.add(1_000 + index * everyMs, mib * MiB);
    return track.growth();
  };

  it('tells the last second from what has lasted', () => {
    const steady = trackOf([100, 105, 110, 115, 120, 125, 130]);
    expect(steady).toEqual({ bytes: 130 * MiB, rateNow: 20 * MiB, rateLasting: 20 * MiB });
    const burst = trackOf([100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 140]);
    expect(burst?.rateNow).toBeGreaterThan(30 * MiB);
    expect(burst?.rateLasting).toBeLessThan(15 * MiB);
    const over = trackOf([100, 140, 140, 140, 140, 140, 140]);
    expect(over?.rateLasting).toBe(0);
  });

  it('is as good with a look a second', () => {
    expect(trackOf([100, 150], 1_000)?.rateNow).toBe(50 * MiB);
  });

  it('knows no rate of one look, of two at once, or across a gap or a clock that jumped', () => {
    expect(new GrowthTrack().growth()).toBeNull();
    expect(trackOf([100])).toMatchObject({ rateNow: 0, rateLasting: 0 });
    expect(trackOf([100, 200], 1)).toMatchObject({ rateNow: 0 });
    expect(trackOf([100, 200], 60_000)).toMatchObject({ rateNow: 0 });
    expect(trackOf([100, 200], -500)).toMatchObject({ bytes: 200 * MiB, rateNow: 0 });
  });

  it('answers finite numbers to whatever it is told', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double({ min: 0, max: 2 ** 50 }))), (points) => {
        const track = new GrowthTrack();
        for (const [atMs, bytes] of points) track.add(atMs, bytes);
        const growth = track.growth();
        for (const value of Object.values(growth ?? {})) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });
});

describe('FloorTrack', () => {
  const risingAfter = (bytesAt: (second: number) => number, seconds: number) => {
    const track = new FloorTrack();
    for (let second = 0; second <= seconds; second += 0.5) track.add(second * 1_000, bytesAt(second));
    return track.rising();
  };

  it('sees through a saw-tooth to what rises under it', () => {
    const garbage = (second: number) => (second % 4) * 10 * MiB;
    expect(risingAfter((second) => 100 * MiB + garbage(second), 60)).toBeNull();
    const rising = risingAfter((second) => 100 * MiB + second * MiB + garbage(second), 60);
    expect(rising?.risenBytes).toBeCloseTo(20 * MiB, -6);
  });

  it('says nothing within the first half minute, nor of growth that flattens', () => {
    expect(risingAfter((second) => second * MiB, 29)).toBeNull();
    expect(risingAfter((second) => second * MiB, 31)).not.toBeNull();
    expect(risingAfter((second) => Math.min(second, 12) * MiB, 60)).toBeNull();
  });

  it('begins anew after a gap, and takes no number that is none', () => {
    const track = new FloorTrack();
    for (let second = 0; second < 30; second += 1) track.add(second * 1_000, second * MiB);
    track.add(30_000, Number.NaN);
    track.add(100_000, 200 * MiB);
    expect(track.rising()).toBeNull();
  });
});

describe('HeapTrack', () => {
  const beat = (uptimeMs: number, floorMiB: number, floorAtMs: number) => ({
    memory: {
      uptimeMs,
      heapFloor: floorMiB * MiB,
      heapFloorAtMs: floorAtMs,
      heapLimit: 100 * MiB,
      heapTotal: 120 * MiB,
    },
  });

  it('foresees when rising floors reach the limit', () => {
    const track = new HeapTrack();
    track.hear(beat(1_000, 40, 900));
    track.hear(beat(2_000, 50, 1_900));
    expect(track.outlook()).toMatchObject({ floorBytes: 50 * MiB, limitInMs: null });
    // The same collection told twice is one.
    track.hear(beat(2_500, 50, 1_900));
    track.hear(beat(3_000, 60, 2_900));
    expect(track.outlook()?.limitInMs).toBeCloseTo(4_000, 5);
    expect(track.garbageBytes).toBe(60 * MiB);
    track.hear(beat(4_000, 55, 3_900));
    expect(track.outlook()?.limitInMs).toBeNull();
  });

  it('does not trust a floor that is old', () => {
    const track = new HeapTrack();
    track.hear(beat(1_000, 95, 900));
    track.hear(beat(30_000, 95, 900));
    expect(track.outlook()).toBeNull();
  });

  it('takes anything for a heartbeat', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (beats) => {
        const track = new HeapTrack();
        for (const one of beats) {
          track.hear(one);
          track.hear({ memory: one });
          const numbers = { heapFloor: one, heapFloorAtMs: one, heapLimit: one, uptimeMs: one };
          track.hear({ memory: numbers });
        }
        const outlook = track.outlook();
        if (outlook !== null) expect(Number.isFinite(outlook.floorBytes)).toBe(true);
        expect(Number.isFinite(track.garbageBytes)).toBe(true);
      }),
    );
  });
});
