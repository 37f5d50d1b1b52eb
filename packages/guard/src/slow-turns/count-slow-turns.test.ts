import { createManualClock, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleOf } from '../../fixtures/memory-samples.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import { scheduleUnreferenced } from '../sample/schedule.ts';
import { SlowTurns } from './slow-turns.ts';
import type { SlowTurnCause, SlowTurnsReport } from './slow-turns-report.ts';
import { describeSlowTurns } from './slow-turns-text.ts';

interface Step {
  /** How late the loop was at most. */
  readonly delayMs: Milliseconds;
  readonly sample?: Partial<MemorySample>;
}

/** What is known after some samples, two seconds apart, and when the calm loop was listened to. */
function observe(steps: readonly Step[], { requests = 1, heapMiB = 120, named = true } = {}) {
  let longestMs = 0;
  const listened: boolean[] = [];
  const turns = new SlowTurns({
    clock: createManualClock(),
    schedule: scheduleUnreferenced,
    loop: { takeLongest: () => longestMs, listen: (listening) => listened.push(listening) },
    begun: () => requests,
    named,
    onCost: () => {},
  });
  onTestFinished(() => turns.stop());
  const first: Step = { delayMs: 0 };
  for (const [index, { delayMs, sample }] of [first, ...steps].entries()) {
    longestMs = delayMs;
    const usual = sampleOf(index * 2 * SECOND, () => heapMiB * MiB, 3_600 * SECOND);
    turns.observe({ ...usual, heapUsed: heapMiB * MiB, loopUtilization: 0.01, ...sample });
  }
  return { state: turns.state, listened };
}

// A heap of 120 MiB would be walked for 180 ms.
const REFUSED = { predictedMs: 180, allowedMs: 150 };

describe('slow turns', () => {
  it('are counted, and nothing else is done while turns are short or seldom slow', () => {
    const { state, listened } = observe([
      { delayMs: 99 },
      { delayMs: 99 },
      { delayMs: 120 },
      { delayMs: 80 },
    ]);
    expect(state).toEqual({ count: 1, totalMs: 120, watching: false, reports: [], refused: null });
    expect(listened).toEqual([false, false, false, false]);
  });

  it('are looked for in a calm loop that has worked long enough to hold one', () => {
    const { listened } = observe([{ delayMs: 0, sample: { loopUtilization: 0.06 } }, { delayMs: 0 }]);
    expect(listened).toEqual([true, true]);
  });

  it('are not profiled where that would stop the process for longer than they do', () => {
    const often = [120, 140].map((delayMs) => ({ delayMs }));
    expect(observe(often).state).toMatchObject({ watching: false, refused: REFUSED });
    const longer = [120, 200].map((delayMs) => ({ delayMs }));
    expect(observe(longer).state).toMatchObject({ watching: true, refused: null });
    expect(observe(longer, { heapMiB: 400 }).state).toMatchObject({ watching: false });
    expect(observe(longer, { named: false }).state).toMatchObject({ count: 2, watching: false });
  });

  it('are expected while an app starts', () => {
    const often = [120, 140].map((delayMs) => ({ delayMs }));
    expect(observe(often, { requests: 0 }).state).toMatchObject({ count: 2, refused: null });
    const later = { sample: { uptimeMs: 70 * SECOND } };
    expect(
      observe(
        [
          { delayMs: 120, ...later },
          { delayMs: 120, ...later },
        ],
        { requests: 0 },
      ).state.refused,
    ).not.toBeNull();
  });

  it('are left alone when collections explain two of them', () => {
    const collecting = [1, 2].map((count) => ({
      delayMs: 120,
      sample: { gcMajors: count, gcMs: 100 * count },
    }));
    expect(observe(collecting).state).toMatchObject({ count: 2, refused: null });
  });
});

describe('the sentence on slow turns', () => {
  const report = (causes: Partial<Record<SlowTurnCause, number>>): SlowTurnsReport => ({
    at: '2026-11-20T10:00:00.000Z',
    watchedMs: 12_300,
    turns: 6,
    totalMs: 900,
    longestMs: 181,
    causes: { code: 0, collection: 0, crowd: 0, starved: 0, ...causes },
    functions: [],
    pauseMs: 40,
  });

  it('names the function and what it is inside of', () => {
    const at = { function: 'parsePrices', file: 'src/prices.js', line: 41, column: 7 };
    const worst = {
      at,
      owner: 'app',
      inside: 'hashSync of bcryptjs',
      totalMs: 850,
      turns: 5,
      longestMs: 170,
    } as const;
    const told = describeSlowTurns({
      ...report({ code: 5, collection: 1 }),
      functions: [{ ...worst, share: 0.96 }],
    });
    expect(told).toEqual({
      en: '5 turns of the event loop took 100 ms or more within 12.3 s, the longest 181 ms; 96 % of that in parsePrices (src/prices.js:41:7) (hashSync of bcryptjs), up to 170 ms at a time',
      zh: '12.3 s 内事件循环有 5 轮超过 100 ms，最长 181 ms；其中 96 % 的时间花在 parsePrices (src/prices.js:41:7)（hashSync of bcryptjs），单次最长 170 ms',
    });
  });

  it('blames nobody for what no function does', () => {
    expect(describeSlowTurns(report({ collection: 4, starved: 2 }))?.en).toContain(
      '181 ms; on garbage collection',
    );
    expect(describeSlowTurns(report({ crowd: 6 }))?.en).toContain('many requests that were served in one go');
    expect(describeSlowTurns(report({ starved: 6 }))?.zh).toContain('处理器被其他进程占用');
    expect(describeSlowTurns({ ...report({}), turns: 0 })).toBeNull();
  });
});
