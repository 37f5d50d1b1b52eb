import { MiB, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { DetectorSample } from './detector-sample.ts';
import { ExternalLivePoints, HeapLivePoints, NativeLivePoints } from './live-points.ts';

const idle: DetectorSample = {
  atMs: 0,
  heapUsed: 20 * MiB,
  heapTotal: 40 * MiB,
  heapFloor: null,
  heapFloorAtMs: null,
  heapLimit: 256 * MiB,
  minors: 0,
  external: 4 * MiB,
  resident: 100 * MiB,
  boxLimit: 512 * MiB,
  boxUsed: null,
  requests: [],
};

describe('what lives in the heap', () => {
  it('is the floor after each major collection, whatever is allocated in between', () => {
    const heap = new HeapLivePoints();
    for (let second = 1; second <= 120; second += 1) {
      const floorAt = Math.floor(second / 20) * 20;
      const heapUsed = (30 + (second % 20) * 4) * MiB;
      heap.push({
        ...idle,
        atMs: second * SECOND,
        heapUsed,
        heapFloor: 30 * MiB,
        heapFloorAtMs: floorAt * SECOND,
      });
    }
    expect(
      heap
        .points()
        .filter((point) => point.weight === 1)
        .map((point) => point.mebibytes),
    ).toEqual(Array(7).fill(30));
  });

  it('takes off the garbage that earlier intervals had gathered by then', () => {
    const heap = new HeapLivePoints();
    // Each interval of 60 s promotes 30 MiB of garbage on top of a live set of 50.
    for (let second = 1; second <= 170; second += 1) {
      const floorAt = Math.floor(second / 60) * 60;
      const heapUsed = (50 + (second - floorAt) / 2) * MiB;
      heap.push({
        ...idle,
        atMs: second * SECOND,
        heapUsed,
        minors: second,
        heapFloor: 50 * MiB,
        heapFloorAtMs: floorAt * SECOND,
      });
    }
    const tail = heap.points().filter((point) => point.weight < 1);
    expect(tail.length).toBeGreaterThan(3);
    for (const point of tail) expect(Math.abs(point.mebibytes - 50)).toBeLessThan(15);
  });

  it('does not take the young generation that fills up between two minor collections for growth', () => {
    const heap = new HeapLivePoints();
    heap.push({ ...idle, atMs: SECOND, heapFloor: 20 * MiB, heapFloorAtMs: SECOND });
    for (let second = 2; second <= 60; second += 1) {
      const heapUsed = (20 + (second % 30)) * MiB;
      heap.push({ ...idle, atMs: second * SECOND, heapUsed, minors: Math.floor(second / 30) });
    }
    expect(Math.max(...heap.points().map((point) => point.mebibytes))).toBeLessThan(22);
  });
});

describe('what lived before the first major collection', () => {
  it('was no more than what was in use, so that growth that began later is seen to have', () => {
    const heap = new HeapLivePoints();
    for (let second = 1; second <= 130; second += 1) {
      const heapUsed = (second < 100 ? 12 : 12 + second - 100) * MiB;
      const floor = second < 120 ? {} : { heapFloor: 30 * MiB, heapFloorAtMs: 120 * SECOND };
      heap.push({ ...idle, atMs: second * SECOND, heapUsed, minors: second, ...floor });
    }
    const quiet = heap.points().filter(({ atMs }) => atMs < 100 * SECOND);
    expect(quiet.length).toBeGreaterThan(5);
    for (const { mebibytes } of quiet) expect(mebibytes).toBeCloseTo(12);
  });
});

describe('what lives in Buffers', () => {
  /** 80 MiB that are held; from then on as much dies as comes, and V8 collects each 60 s. */
  const ring = (seconds: number): ExternalLivePoints => {
    const external = new ExternalLivePoints();
    for (let second = 1; second <= seconds; second += 1) {
      const majorAt = Math.floor(second / 60) * 60;
      const held = Math.min(80, majorAt);
      const sweptAt = majorAt + 1;
      external.push({
        ...idle,
        atMs: second * SECOND,
        external: (second <= sweptAt && majorAt > 80 ? 80 + 60 : held + second - majorAt) * MiB,
        heapFloor: 10 * MiB,
        heapFloorAtMs: majorAt * SECOND,
      });
    }
    return external;
  };

  it('is what is left a moment after a major collection, when they are swept', () => {
    const floors = ring(250)
      .points()
      .filter(({ atMs, weight }) => weight === 1 && atMs >= 118 * SECOND);
    expect(floors.map(({ atMs }) => atMs / SECOND)).toEqual([120, 180, 240]);
    // 80 that are held, and what has come within two seconds.
    for (const { mebibytes } of floors) expect(mebibytes).toBeCloseTo(82);
  });

  it('does not show between two collections once one has found garbage', () => {
    const external = ring(235);
    expect(external.certainAtMs).toBe(180 * SECOND);
    const since = external.points().filter(({ atMs }) => atMs > 184 * SECOND);
    expect(since.length).toBeGreaterThan(5);
    for (const { weight } of since) expect(weight).toBeLessThan(0.01);
  });

  it('shows between two collections while all that comes is held', () => {
    const since = ring(55).points();
    expect(since.length).toBeGreaterThan(5);
    for (const { weight } of since) expect(weight).toBe(1);
  });
});

describe('what lives outside of heap and buffers', () => {
  it('does not rise when V8 commits a larger young generation and touches it bit by bit', () => {
    const native = new NativeLivePoints();
    for (let second = 1; second <= 200; second += 1) {
      const committed = second < 60 ? 40 : 105;
      const touched = second < 60 ? 40 : Math.min(105, 40 + (second - 60) / 2);
      native.push({
        ...idle,
        atMs: second * SECOND,
        heapTotal: committed * MiB,
        resident: (50 + touched) * MiB + idle.external,
      });
    }
    const points = native.points().map((point) => point.mebibytes);
    expect(Math.max(...points) - Math.min(...points)).toBeLessThan(1);
  });

  it('rises with memory that is neither', () => {
    const native = new NativeLivePoints();
    for (let second = 1; second <= 100; second += 1) {
      native.push({ ...idle, atMs: second * SECOND, resident: (100 + second) * MiB });
    }
    const points = native.points();
    expect((points.at(-1)?.mebibytes ?? 0) - (points[0]?.mebibytes ?? 0)).toBeGreaterThan(90);
  });
});
