import { type Bytes, HOUR, MINUTE, MiB, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../fixtures/memory-samples.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { OwnHeap } from '../own-heap.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import { LeakWatch, type SuspicionNews } from './leak-watch.ts';

const NO_ROUTES = { total: 0, routeCount: 0, totalOf: () => 0 };
interface Run {
  readonly watch: LeakWatch;
  readonly news: readonly (SuspicionNews & { readonly atMs: Milliseconds })[];
  /** How often the detector was asked, seen from outside: each evaluation makes new verdicts. */
  readonly evaluations: number;
}

function run(
  heap: (atMs: Milliseconds) => Bytes,
  lengthMs: Milliseconds,
  stepMs: Milliseconds = SECOND / 2,
  own: OwnHeap = new OwnHeap(systemClock),
  beforeStep: (nowMs: Milliseconds) => void = () => {},
): Run {
  const news: (SuspicionNews & { atMs: Milliseconds })[] = [];
  let nowMs = 0;
  const watch = new LeakWatch({
    horizonMs: 30 * MINUTE,
    routes: NO_ROUTES,
    own,
    settled: {},
    onNews: (each) => news.push({ ...each, atMs: nowMs }),
  });
  let evaluations = 0;
  for (nowMs = stepMs; nowMs <= lengthMs; nowMs += stepMs) {
    const before = watch.near;
    beforeStep(nowMs);
    watch.observe(sampleOf(nowMs, heap), stepMs);
    if (watch.near !== before) evaluations += 1;
  }
  return { watch, news, evaluations };
}

const leakFrom = (fromMs: Milliseconds, perSecond: Bytes, untilMs = Number.POSITIVE_INFINITY) => {
  return (atMs: Milliseconds): Bytes =>
    30 * MiB + (Math.max(0, Math.min(atMs, untilMs) - fromMs) / SECOND) * perSecond;
};

describe('a process under watch', () => {
  it('is suspected within 30 s of a leak of 1 MiB/s, and found leaking before half of its time is over', () => {
    const { news, watch } = run(leakFrom(2 * MINUTE, MiB), 4 * MINUTE);
    expect(news.map(({ pool, level }) => `${pool} ${level}`)).toEqual(['heap suspected', 'heap leaking']);
    expect(news[0]?.atMs).toBeLessThanOrEqual(2.5 * MINUTE);
    expect(watch.suspected).toBe('heap');
    expect(watch.levels).toEqual({ heap: 'leaking', external: 'none', native: 'none' });
    expect(watch.floorWish).toBe('some');
  });

  it('leaking from its first request on, forebodes no good while it may be a warm-up, and is suspected at last', () => {
    const heap = (at: Milliseconds): Bytes => 15 * MiB + (at / SECOND) * MiB;
    const warmUp = run(heap, 100 * SECOND).watch;
    expect(warmUp.suspected).toBeNull();
    expect(warmUp.foreboding).toMatchObject({ pool: 'heap', verdict: 'warming-up' });
    const beyond = run(heap, 118 * SECOND).watch;
    expect(beyond.near[0]?.verdict).toBe('warming-up');
    expect(beyond.suspected).toBe('heap');
    expect(beyond.foreboding).toBeNull();
  });

  it('is asked for floors while two lie apart, whatever the usual reading makes of the last one', () => {
    const watch = new LeakWatch({
      horizonMs: 30 * MINUTE,
      routes: NO_ROUTES,
      own: new OwnHeap(systemClock),
      settled: {},
      onNews: () => {},
    });
    const flat = (atMs: Milliseconds) => sampleOf(atMs, () => 30 * MiB, HOUR);
    watch.take({ ...flat(20 * SECOND), heapFloorAtMs: 20 * SECOND }, 'nothing');
    const exact = { heapFloor: 36 * MiB, heapFloorAtMs: 21 * SECOND };
    watch.take({ ...flat(21 * SECOND), ...exact }, 'everything');
    expect(watch.floorWish).toBe('much');
    watch.take({ ...flat(22 * SECOND), heapFloor: 35 * MiB, heapFloorAtMs: 21 * SECOND + 3 }, 'nothing');
    expect(watch.floorWish).toBe('much');
    watch.take({ ...flat(29 * SECOND), heapFloor: 35 * MiB, heapFloorAtMs: 28 * SECOND }, 'nothing');
    expect(watch.floorWish).not.toBe('much');
  });

  it('is asked for a floor at once when one evaluation says that it grows', () => {
    let wish: string | null = null;
    let nowMs = 0;
    const watch = new LeakWatch({
      horizonMs: 30 * MINUTE,
      routes: NO_ROUTES,
      own: new OwnHeap(systemClock),
      settled: {},
      onNews: () => {},
    });
    for (nowMs = 0; nowMs < 4 * MINUTE && watch.suspected === null; nowMs += SECOND / 2) {
      wish = watch.floorWish;
      watch.observe(sampleOf(nowMs, leakFrom(2 * MINUTE, MiB)), SECOND / 2);
    }
    expect(watch.suspected).toBe('heap');
    expect(wish).toBe('most');
  });

  it('is told at the rate of its own, whatever the guard keeps while it looks closer', () => {
    const own = new OwnHeap({ monotonic: () => nowMs });
    let nowMs = 0;
    let kept = 0;
    // From the suspicion on 0.06 MiB a second for 45 s.
    const ownAt = (atMs: Milliseconds): Bytes => {
      const sinceMs = atMs - 180 * SECOND;
      return sinceMs < 0 || sinceMs > 45 * SECOND ? 0 : (0.75 + (0.06 * sinceMs) / SECOND) * MiB;
    };
    const leak = leakFrom(2 * MINUTE, 0.1 * MiB);
    const { watch, news } = run(
      (atMs) => leak(atMs) + ownAt(atMs),
      4 * MINUTE,
      SECOND / 2,
      own,
      (atMs) => {
        nowMs = atMs;
        const bytes = ownAt(atMs);
        if (bytes > kept) own.keep(bytes - kept);
        else own.letGo(kept - bytes);
        kept = bytes;
      },
    );
    expect(news[0]).toMatchObject({ pool: 'heap', level: 'suspected' });
    const { bytesPerSecond = 0 } = watch.near[0] ?? {};
    expect(bytesPerSecond / MiB).toBeGreaterThan(0.08);
    expect(bytesPerSecond / MiB).toBeLessThan(0.12);
  });

  it('is not known by what it was while it loaded', () => {
    const loading = (atMs: Milliseconds) => Math.min(1, atMs / (9 * SECOND)) * 40 * MiB;
    const { watch, news } = run(loading, MINUTE);
    expect(news).toEqual([]);
    expect(watch.near[0]).toMatchObject({ verdict: 'healthy', growthProbability: 0 });
  });

  it('is let go when what it kept is freed for a while', () => {
    const freed = (atMs: Milliseconds): Bytes =>
      atMs < 4 * MINUTE ? leakFrom(2 * MINUTE, MiB)(atMs) : 30 * MiB;
    const { news, watch } = run(freed, 12 * MINUTE);
    expect(news.at(-1)).toMatchObject({ pool: 'heap', level: 'recovered' });
    expect(watch.suspected).toBeNull();
    expect(watch.floorWish).toBe('none');
  });

  it('that is healthy is never spoken of, and rarely looked at when it is calm', () => {
    const busy = run(() => 30 * MiB, 10 * MINUTE);
    expect(busy.news).toEqual([]);
    expect(busy.evaluations).toBeLessThanOrEqual(125);
    const calm = run(() => 30 * MiB, 10 * MINUTE, 10 * SECOND);
    expect(calm.evaluations).toBeLessThanOrEqual(21);
  });

  it('is suspected of a leak that takes a day, for what it looks like a day ahead', () => {
    const { news, watch } = run(leakFrom(HOUR, (12 * MiB) / 3600), 10 * HOUR, 10 * SECOND);
    expect(news[0]).toMatchObject({ pool: 'heap', level: 'suspected' });
    const [day] = watch.slow;
    expect(day).toMatchObject({ pool: 'heap', verdict: 'leaking' });
    expect(day?.probability).toBeGreaterThan(0.9);
    expect(watch.near[0]?.probability).toBeLessThan(0.5);
  });

  it('is watched within a bounded memory', { timeout: 20_000 }, () => {
    const before = heapAfterCollection();
    const { watch } = run(leakFrom(HOUR, 300), 48 * HOUR, 10 * SECOND);
    const grown = heapAfterCollection() - before;
    expect(watch.near).toHaveLength(3);
    // Asked for are 100 KiB; the compiled code of the detector is in this figure too.
    expect(grown).toBeLessThan(400 * 1024);
  });
});

describe('whatever the samples say', () => {
  const wild = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, Number.MAX_VALUE, null),
    fc.integer({ min: 0, max: 2 ** 40 }),
  );
  const sample = fc.record({
    uptimeMs: fc.oneof(wild, fc.integer({ min: 0, max: 600_000 })),
    heapUsed: wild,
    heapTotal: wild,
    heapFloor: wild,
    heapFloorAtMs: wild,
    heapLimit: wild,
    external: wild,
    gcMinors: wild,
    anonymous: wild,
    rss: wild,
    boxLimit: wild,
    boxUsed: wild,
  });

  it('it neither throws nor answers what is no number', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), wild, (samples, interval) => {
        const watch = new LeakWatch({
          horizonMs: 30 * MINUTE,
          routes: NO_ROUTES,
          own: new OwnHeap(systemClock),
          settled: {},
          onNews: () => {},
        });
        samples.forEach((each, index) => {
          // Every other one in order, so that the detector gets somewhere.
          const uptimeMs = index % 2 === 0 ? index * 5 * SECOND : each.uptimeMs;
          watch.observe({ ...each, uptimeMs } as unknown as MemorySample, interval ?? 0);
        });
        for (const { probability, bytesPerSecond, level } of [...watch.near, ...watch.slow]) {
          expect(probability).toBeGreaterThanOrEqual(0);
          expect(probability).toBeLessThanOrEqual(1);
          expect(Number.isNaN(bytesPerSecond)).toBe(false);
          expect(Number.isNaN(level)).toBe(false);
        }
      }),
      // Each run is some hundred evaluations: to look for the smallest of bad inputs would take minutes.
      { numRuns: 300, endOnFailure: true },
    );
  });
});

function heapAfterCollection(): Bytes {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
