import { type Bytes, DAY, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { createDetector } from './detector.ts';
import type { DetectorSample } from './detector-sample.ts';
import type { Pool, PoolVerdict } from './verdict.ts';

/** MiB in each pool, and requests served by one route, by seconds since the process began. */
interface Process {
  readonly heap?: (second: number) => number;
  readonly external?: (second: number) => number;
  readonly native?: (second: number) => number;
  readonly requests?: (second: number) => readonly number[];
}

const HEAP_LIMIT: Bytes = 256 * MiB;
const BOX_LIMIT: Bytes = 512 * MiB;
const MAJOR_EVERY_SECONDS = 15;

/** A process with a major collection every 15 s, garbage of up to 30 MiB between two, and a floor that strays by 1 MiB. */
function sampleAt(second: number, process: Process): DetectorSample {
  const { heap = () => 30, external = () => 4, native = () => 50 } = process;
  const floorAt = Math.floor(second / MAJOR_EVERY_SECONDS) * MAJOR_EVERY_SECONDS;
  const stray = Math.sin(floorAt * 12.9898) * 0.5;
  const used = heap(second) + stray + (second - floorAt) * 2;
  return {
    atMs: second * SECOND,
    heapUsed: used * MiB,
    heapTotal: (heap(second) + 40) * MiB,
    heapFloor: (heap(floorAt) + stray) * MiB,
    heapFloorAtMs: floorAt * SECOND,
    heapLimit: HEAP_LIMIT,
    minors: Math.floor(second),
    external: external(second) * MiB,
    resident: (heap(second) + 40 + external(second) + native(second)) * MiB,
    boxLimit: BOX_LIMIT,
    boxUsed: null,
    requests: process.requests?.(second) ?? [],
  };
}

interface Watched {
  /** The highest probability of any pool at any moment. */
  readonly highest: number;
  /** Seconds at which the first pool was said to be growing or leaking, and at which the limit was said to be near. */
  readonly signalAt: number;
  readonly alarmAt: number;
  readonly last: readonly PoolVerdict[];
}

function watch(
  process: Process,
  seconds: number,
  stepSeconds = 0.5,
  horizonMs: Milliseconds = 30 * MINUTE,
): Watched {
  const detector = createDetector({ horizonMs });
  let highest = 0;
  let signalAt = Number.POSITIVE_INFINITY;
  let alarmAt = Number.POSITIVE_INFINITY;
  let last: readonly PoolVerdict[] = [];
  let dueAt = 0;
  for (let second = stepSeconds; second <= seconds; second += stepSeconds) {
    detector.push(sampleAt(second, process));
    if (second < dueAt) continue;
    dueAt = second + stepSeconds * 10;
    last = detector.evaluate();
    const probability = Math.max(...last.map((pool) => pool.probability));
    const isSignal = last.some(({ verdict }) => verdict === 'growing' || verdict === 'leaking');
    highest = Math.max(highest, probability);
    if (isSignal) signalAt = Math.min(signalAt, second);
    if (probability >= 0.9) alarmAt = Math.min(alarmAt, second);
  }
  return { highest, signalAt, alarmAt, last };
}

const of = (verdicts: readonly PoolVerdict[], pool: Pool): PoolVerdict => {
  const found = verdicts.find((verdict) => verdict.pool === pool);
  if (found === undefined) throw new Error(`no verdict on ${pool}`);
  return found;
};
const from = (second: number, perSecond: number) => (now: number) => Math.max(0, now - second) * perSecond;

describe('a leak', () => {
  it('in the heap since the process began is found well before half of the time is over', () => {
    const leak = watch({ heap: (second) => 12 + second * 0.25 }, 300);
    const exhaustedAt = 244 / 0.25;
    expect(leak.alarmAt).toBeLessThan(exhaustedAt * 0.4);
    expect(of(leak.last, 'heap')).toMatchObject({ verdict: 'leaking', limit: HEAP_LIMIT });
  });

  it('that begins in a warm process is signalled within 30 s at 1 MiB/s, in the heap and in buffers', () => {
    for (const pool of ['heap', 'external'] as const) {
      const base = pool === 'heap' ? 30 : 4;
      const leak = watch({ [pool]: (second: number) => base + from(120, 1)(second) }, 240);
      expect(leak.signalAt).toBeGreaterThan(120);
      expect(leak.signalAt).toBeLessThanOrEqual(150);
      expect(leak.alarmAt).toBeLessThan(240);
    }
  });

  it('of 0.1 MiB/s is signalled within 120 s, and its rate is right within 20 %', () => {
    for (const pool of ['heap', 'external'] as const) {
      const base = pool === 'heap' ? 30 : 4;
      const leak = watch({ [pool]: (second: number) => base + from(120, 0.1)(second) }, 240);
      expect(leak.signalAt).toBeGreaterThan(120);
      expect(leak.signalAt).toBeLessThanOrEqual(240);
      expect(of(leak.last, pool).bytesPerSecond / MiB).toBeGreaterThan(0.08);
      expect(of(leak.last, pool).bytesPerSecond / MiB).toBeLessThan(0.12);
    }
  });

  it('has its rate within 8 % whenever it is asked for, not only where a moment that was tried is the right one', () => {
    const detector = createDetector();
    const buffers = { external: (second: number) => 8 + from(180, 0.1)(second) };
    const offBy: number[] = [];
    for (let second = 0.5; second <= 340; second += 0.5) {
      detector.push(sampleAt(second, buffers));
      if (second < 240 || second % 2.5 !== 0) continue;
      offBy.push(of(detector.evaluate(), 'external').bytesPerSecond / (0.1 * MiB) - 1);
    }
    expect(offBy.length).toBe(41);
    expect(Math.max(...offBy.map(Math.abs))).toBeLessThan(0.08);
  });

  it('says when the limit is reached, and gives the rate an interval that holds it', () => {
    const { last } = watch({ heap: (second) => 12 + second * 0.25 }, 300);
    const { timeToLimitMs, bytesPerSecondInterval, growthProbability } = of(last, 'heap');
    expect(growthProbability).toBeGreaterThan(0.9);
    expect((timeToLimitMs ?? 0) / SECOND).toBeGreaterThan(550);
    expect((timeToLimitMs ?? 0) / SECOND).toBeLessThan(800);
    expect(bytesPerSecondInterval[0]).toBeLessThan(0.25 * MiB);
    expect(bytesPerSecondInterval[1]).toBeGreaterThan(0.25 * MiB);
  });

  it('outside of heap and buffers is found as native', () => {
    const { alarmAt, last } = watch({ native: (second) => 50 + second * 0.9 }, 240);
    expect(alarmAt).toBeLessThan(240);
    expect(of(last, 'native').verdict).toBe('leaking');
    expect(of(last, 'heap').verdict).toBe('healthy');
  });

  it('that follows a route whose traffic comes and goes is found by its requests', () => {
    const served = (second: number): number => 20 * (second - 30 * Math.sin(second / 30)) + 20;
    const process = (requests: Process['requests']): Process => ({
      heap: (second) => 12 + served(second) / 80,
      ...(requests === undefined ? {} : { requests }),
    });
    const blind = of(watch(process(undefined), 200).last, 'heap');
    const told = of(
      watch(
        process((second) => [second * 7, served(second)]),
        200,
      ).last,
      'heap',
    );
    expect(told.leakProbability).toBeGreaterThan(0.9);
    expect(told.leakProbability).toBeGreaterThan(blind.leakProbability);
  });

  it('that takes days shows to a long look ahead, not to a short one', () => {
    const slow: Process = { heap: (second) => 40 + second * (5 / 3600) };
    expect(watch(slow, 8 * 3600, 10).highest).toBeLessThan(0.5);
    expect(of(watch(slow, 8 * 3600, 10, 2 * DAY).last, 'heap').probability).toBeGreaterThan(0.9);
  });
});

describe('a healthy process', () => {
  const fill = (size: number, seconds: number) => (second: number) =>
    12 + size * Math.min(1, second / seconds);

  it('stays quiet: flat, filling a cache in order, or with random keys', () => {
    expect(watch({}, 300).highest).toBeLessThan(0.5);
    expect(watch({ heap: fill(50, 110) }, 300).alarmAt).toBe(Number.POSITIVE_INFINITY);
    const random = (second: number): number => 12 + 60 * (1 - Math.exp(-second / 45));
    expect(watch({ heap: random }, 300).alarmAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('is said to be warming up while it fills, and healthy when it is full', () => {
    const filling = watch({ heap: fill(50, 110) }, 100);
    expect(of(filling.last, 'heap').verdict).toBe('warming-up');
    expect(of(watch({ heap: fill(50, 110) }, 260).last, 'heap').verdict).toBe('healthy');
  });

  it('may load a module late, deploy in steps, or follow a tide of users', () => {
    const late = (second: number): number => (second < 70 ? 20 : 60);
    const steps = (second: number): number => 20 + (second > 60 ? 25 : 0) + (second > 140 ? 30 : 0);
    const tide = (second: number): number => 20 + 20 * (1 - Math.cos(second / 30));
    for (const heap of [late, steps, tide]) {
      expect(watch({ heap }, 300).alarmAt).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('may hold large bodies for a moment', () => {
    const external = (second: number): number => 4 + (Math.floor(second * 2) % 9 === 0 ? 60 : 0);
    expect(watch({ external }, 300).highest).toBeLessThan(0.5);
  });

  it('may grow to where it has been in earlier runs without a word of a leak', () => {
    const early = (settled: Partial<Record<Pool, Bytes>>): number => {
      const detector = createDetector({ settled });
      for (let second = 0.5; second < 190; second += 0.5) {
        detector.push(sampleAt(second, { heap: fill(90, 200) }));
      }
      return of(detector.evaluate(), 'heap').growthProbability;
    };
    expect(early({})).toBeGreaterThan(0.8);
    expect(early({ heap: 110 * MiB })).toBeLessThan(0.01);
  });
});

describe('too little to go by', () => {
  it('says so before there are four points over 20 s', () => {
    const { last } = watch({}, 15);
    expect(last.map(({ verdict }) => verdict)).toEqual(Array(3).fill('not-enough-evidence'));
  });

  it('says nothing at all before the first sample', () => {
    expect(createDetector().evaluate()).toEqual([]);
  });

  it('has no time to a limit that nobody knows', () => {
    const detector = createDetector();
    for (let second = 0.5; second < 200; second += 0.5) {
      const sample = sampleAt(second, { external: (now) => 4 + now });
      detector.push({ ...sample, boxLimit: null });
    }
    const external = of(detector.evaluate(), 'external');
    expect(external).toMatchObject({ limit: null, timeToLimitMs: null, probability: 0 });
  });
});

describe('bad input', () => {
  it('is left out: a clock that goes back, a time that is no number, a heap that nobody measured', () => {
    const detector = createDetector();
    const sample = sampleAt(10, {});
    expect(detector.push({ ...sample, atMs: Number.NaN })).toBe(false);
    expect(detector.push({ ...sample, heapUsed: Number.NaN })).toBe(false);
    expect(detector.push(sample)).toBe(true);
    expect(detector.push({ ...sample, atMs: sample.atMs - 1 })).toBe(false);
    expect(detector.push({ ...sample, atMs: sample.atMs + 500, heapUsed: Number.NaN })).toBe(true);
  });

  it('of options is refused', () => {
    expect(() => createDetector({ horizonMs: 0 })).toThrow(RangeError);
    expect(() => createDetector({ horizonMs: Number.NaN })).toThrow(RangeError);
    expect(() => createDetector().evaluate(0)).toThrow(RangeError);
  });
});
