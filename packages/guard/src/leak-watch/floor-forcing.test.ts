import { MINUTE, MiB, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { MemorySample } from '../sample/memory-sample.ts';
import { FloorForcing, type ForcingMoment } from './floor-forcing.ts';

function moment(change: Partial<Omit<ForcingMoment, 'sample'>> & Partial<MemorySample> = {}): ForcingMoment {
  const { wish = 'much', activeRequests = 0, ...sample } = change;
  const quiet = { uptimeMs: MINUTE, heapUsed: 60 * MiB, heapFloorAtMs: 0, loopUtilization: 0.1 };
  return { wish, activeRequests, sample: { ...quiet, ...sample } as MemorySample };
}

describe('a collection is forced', () => {
  it('while growth is in doubt, in a quiet moment, when the last floor is old', () => {
    expect(new FloorForcing().isTime(moment())).toBe(true);
    expect(new FloorForcing().isTime(moment({ heapFloorAtMs: null }))).toBe(true);
  });

  it.each([
    ['nobody is in doubt', { wish: 'none' }],
    ['requests are under way', { activeRequests: 3 }],
    ['the loop is busy', { loopUtilization: 0.7 }],
    ['nobody knows whether it is', { loopUtilization: null }],
    ['V8 has just collected by itself', { heapFloorAtMs: MINUTE - 5 * SECOND }],
    ['the heap is so large that the pause would be felt', { heapUsed: 300 * MiB }],
  ] as const)('never when %s', (_, change) => {
    expect(new FloorForcing().isTime(moment(change))).toBe(false);
  });

  it('soonest when the next evaluation may make a suspicion', () => {
    const small = { heapUsed: 10 * MiB, heapFloorAtMs: MINUTE - 6 * SECOND };
    expect(new FloorForcing().isTime(moment({ ...small, wish: 'much' }))).toBe(false);
    expect(new FloorForcing().isTime(moment({ ...small, wish: 'most' }))).toBe(true);
  });

  it('less often when it is known that it leaks', () => {
    const forcing = new FloorForcing();
    const small = { wish: 'some', heapUsed: 10 * MiB } as const;
    forcing.forced(moment().sample, 5);
    expect(forcing.isTime(moment({ ...small, wish: 'much', uptimeMs: MINUTE + 12 * SECOND }))).toBe(true);
    expect(forcing.isTime(moment({ ...small, uptimeMs: MINUTE + 25 * SECOND }))).toBe(false);
    expect(forcing.isTime(moment({ ...small, uptimeMs: MINUTE + 35 * SECOND }))).toBe(true);
  });

  it('so seldom that pauses are a two-hundredth of the time at most', () => {
    const forcing = new FloorForcing();
    forcing.forced(moment().sample, 60);
    forcing.forced(moment().sample, 60);
    expect(forcing.isTime(moment({ uptimeMs: MINUTE + 12 * SECOND }))).toBe(false);
    expect(forcing.isTime(moment({ uptimeMs: MINUTE + 18 * SECOND }))).toBe(true);
  });

  it('by what pauses have been here, of which one may have met a busy machine', () => {
    const forcing = new FloorForcing();
    const later = moment({ uptimeMs: 1.75 * MINUTE });
    expect(forcing.pauseOf(100 * MiB)).toBeGreaterThan(40);
    forcing.forced(moment().sample, 15);
    expect(forcing.pauseOf(100 * MiB)).toBeLessThan(40);
    forcing.forced(moment().sample, 500);
    expect(forcing.isTime(later)).toBe(true);
    forcing.forced(moment().sample, 500);
    expect(forcing.isTime(later)).toBe(false);
    // Too long to try again soon, but not for ever.
    expect(forcing.isTime(moment({ uptimeMs: 2.1 * MINUTE }))).toBe(true);
  });
});

describe('the young generation is collected before an evaluation', () => {
  const at = (seconds: number, gcMinors: number) =>
    ({ uptimeMs: seconds * SECOND, gcMinors }) as MemorySample;

  it('where V8 seldom does so itself', () => {
    const forcing = new FloorForcing();
    forcing.minorForced(at(60, 10), 1);
    const isTime = (gcMinors: number) =>
      forcing.isTimeForMinor({ sample: at(65, gcMinors), samplingMs: SECOND, wish: 'none' });
    expect(isTime(12)).toBe(true);
    expect(isTime(30)).toBe(false);
  });

  it('not in a process that sleeps, unless growth is in doubt', () => {
    const isTime = (wish: 'none' | 'much') =>
      new FloorForcing().isTimeForMinor({ sample: at(60, 10), samplingMs: 10 * SECOND, wish });
    expect(isTime('none')).toBe(false);
    expect(isTime('much')).toBe(true);
  });

  it('never for more than a two-hundredth of the time', () => {
    const forcing = new FloorForcing();
    forcing.minorForced(at(60, 10), 50);
    const isTime = (seconds: number) =>
      forcing.isTimeForMinor({ sample: at(seconds, 10), samplingMs: SECOND, wish: 'much' });
    expect(isTime(65)).toBe(false);
    expect(isTime(71)).toBe(true);
  });
});
