import { KiB, MiB, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  coarserInterval,
  keptSamples,
  LONGEST_PAUSE_MS,
  predictRead,
  samplingInterval,
} from './profile-cost.ts';

const quiet = { inHeap: true, bytesPerSecond: 0, allocatedPerSecond: 0, longestMs: 45 * SECOND };

describe('the distance between samples', () => {
  it('is finer for what grows outside the heap, and coarser the more is allocated', () => {
    const busy = { ...quiet, allocatedPerSecond: 60 * MiB };
    expect(samplingInterval(quiet)).toBe(KiB);
    expect(samplingInterval(busy)).toBeGreaterThan(samplingInterval({ ...busy, inHeap: false }));
  });

  it('lets a known leak of the heap keep no more than can be read in time, whatever is suspected', () => {
    for (const inHeap of [true, false]) {
      for (const bytesPerSecond of [100 * KiB, 2 * MiB, 20 * MiB]) {
        const interval = samplingInterval({ ...quiet, inHeap, bytesPerSecond });
        const kept = keptSamples({ grown: bytesPerSecond * 45, interval });
        expect(predictRead(kept)).toBeLessThan(LONGEST_PAUSE_MS / 2);
      }
    }
  });
});

describe('a profile that keeps more than was expected', () => {
  const running = { interval: KiB, grown: 10 * MiB, ageMs: 10 * SECOND, longestMs: 170 * SECOND };

  it('goes on while it can be read in time', () => {
    expect(coarserInterval(running)).toBeNull();
    expect(coarserInterval({ ...running, grown: -5 * MiB })).toBeNull();
  });

  it('is started anew before reading it takes too long, so coarse that it lasts', () => {
    const grown = 100 * MiB;
    const coarser = coarserInterval({ ...running, grown }) ?? 0;
    const until = (grown / running.ageMs) * running.longestMs;
    expect(predictRead(keptSamples({ grown: until, interval: coarser }))).toBeLessThan(LONGEST_PAUSE_MS / 2);
    // Once more only if the leak becomes faster.
    expect(coarserInterval({ ...running, interval: coarser, grown: until, longestMs: 0 })).toBeNull();
  });

  it('is not started anew where samples cannot be further apart', () => {
    expect(coarserInterval({ ...running, interval: 512 * KiB, grown: 100_000 * MiB })).toBeNull();
  });
});
