import { KiB, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { judgeSnapshot } from './judge-snapshot.ts';
import { learnCorrection, predictSnapshotCost, type SnapshotCost } from './predict-snapshot-cost.ts';

const EMPTY = { smallObjects: 3 * MiB, largeObjects: 0, collectionCpuMs: 4 };
// 870,000 objects of four fields in one array: 0.93 million nodes, 4 to 5.5 s, 1.3 GB and 115 MB.
const DENSE = { smallObjects: 50 * MiB, largeObjects: 10 * MiB, collectionCpuMs: 30 };
// 24,000 strings of 2 KiB: 88,000 nodes, 0.2 s, 50 MB and 30 MB.
const TEXT = { smallObjects: 40 * MiB, largeObjects: 0.4 * MiB, collectionCpuMs: 5 };

describe('the predicted cost', () => {
  it('is that of Node itself for an empty process', () => {
    expect(predictSnapshotCost(EMPTY)).toMatchObject({ nodes: 60_000, blockedMs: 120 });
  });

  it('of a dense heap is many times the heap, of one of text little more than that', () => {
    expect(predictSnapshotCost(DENSE).memory / (60 * MiB)).toBeGreaterThan(15);
    expect(predictSnapshotCost(TEXT).memory / (40 * MiB)).toBeLessThan(3.5);
  });

  it('counts the longest array, whose every index has a name of a KiB', () => {
    const without = predictSnapshotCost({ ...DENSE, largeObjects: 0 });
    expect(predictSnapshotCost(DENSE).memory - without.memory).toBeGreaterThan(500_000 * KiB);
  });

  it('is never that of more nodes than can be in the bytes, however long a collection takes', () => {
    expect(predictSnapshotCost({ ...EMPTY, collectionCpuMs: 60_000 }).nodes).toBeLessThan(160_000);
  });

  it('learns from what a snapshot took', () => {
    const actual: SnapshotCost = { nodes: 1_800_000, blockedMs: 4_000, memory: 900 * MiB, file: 100 * MiB };
    const correction = learnCorrection(DENSE, actual);
    const again = predictSnapshotCost({ ...DENSE, smallObjects: 100 * MiB }, correction);
    expect(again.nodes / actual.nodes).toBeCloseTo(1, 1);
    expect(again.blockedMs).toBeCloseTo(actual.blockedMs, -2);
  });

  it('learns nothing absurd from an absurd measurement', () => {
    const { nodes, blockedMs, memory } = learnCorrection(EMPTY, {
      nodes: 0,
      blockedMs: 0,
      memory: 0,
      file: 0,
    });
    for (const ratio of [nodes, blockedMs, memory]) {
      expect(ratio).toBeGreaterThanOrEqual(0.25);
      expect(ratio).toBeLessThanOrEqual(4);
    }
  });
});

describe('a snapshot is refused', () => {
  const cost: SnapshotCost = { nodes: 1e6, blockedMs: 2_000, memory: 500 * MiB, file: 100 * MiB };
  const room = { memory: 2_000 * MiB, disk: 10_000 * MiB };
  const limits = { maxBlockedMs: 5_000, maxTotalBytes: 512 * MiB, keepDiskFree: 1_024 * MiB };

  it('not if it fits, nor if nobody tells how much room there is', () => {
    expect(judgeSnapshot(cost, room, limits)).toEqual([]);
    expect(judgeSnapshot(cost, { memory: null, disk: null }, limits)).toEqual([]);
  });

  it('when memory is short, the margin and the other process included', () => {
    expect(judgeSnapshot(cost, { ...room, memory: 700 * MiB }, limits)).toEqual([
      { code: 'MEMORY_SHORT', needed: 725 * MiB, available: 700 * MiB },
    ]);
  });

  it('when it takes longer than allowed', () => {
    expect(judgeSnapshot(cost, room, { ...limits, maxBlockedMs: 150 })).toEqual([
      { code: 'PAUSE_TOO_LONG', expectedMs: 2_000, allowedMs: 150 },
    ]);
  });

  it('when the disk has less room than others need', () => {
    expect(judgeSnapshot(cost, { ...room, disk: 1_100 * MiB }, limits)).toEqual([
      { code: 'DISK_SHORT', needed: 100 * MiB, available: 76 * MiB },
    ]);
    expect(judgeSnapshot(cost, { ...room, disk: 10 * MiB }, limits)).toMatchObject([{ available: 0 }]);
  });

  it('when its file alone is more than all may take, and for all reasons at once', () => {
    const refusals = judgeSnapshot(
      cost,
      { memory: 0, disk: 0 },
      { ...limits, maxBlockedMs: 0, maxTotalBytes: 0 },
    );
    expect(refusals.map(({ code }) => code)).toEqual([
      'MEMORY_SHORT',
      'PAUSE_TOO_LONG',
      'DISK_SHORT',
      'FILE_TOO_LARGE',
    ]);
  });
});
