import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench, RULES, worker } from '../../testing/judged-box.ts';
import { FRESH_MEMORY } from './box-decision.ts';
import type { BoxView, WorkerView } from './box-view.ts';
import { judgeBox } from './judge-box.ts';

const LEVELS = ['none', 'elevated', 'critical'] as const;

describe('judgeBox: whatever it sees', () => {
  const anyNumber = fc.oneof(
    fc.double({ noDefaultInfinity: false }),
    fc.double({ min: 0, max: 2 ** 31 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
  );
  const anyGrowth = fc.record({ bytes: anyNumber, rateNow: anyNumber, rateLasting: anyNumber });
  const anyWorker: fc.Arbitrary<Omit<WorkerView, 'id' | 'pid'>> = fc.record({
    phase: fc.constantFrom('starting', 'ready', 'draining', 'killed'),
    budgetBytes: anyNumber,
    growth: anyGrowth,
    risingFloor: fc.option(fc.record({ bytes: anyNumber, risenBytes: anyNumber })),
    heap: fc.option(
      fc.record({ floorBytes: anyNumber, limitBytes: anyNumber, limitInMs: fc.option(anyNumber) }),
    ),
  });
  const anyView: fc.Arbitrary<BoxView> = fc.record({
    atMs: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    kind: fc.constantFrom('cgroup', 'machine'),
    limitBytes: anyNumber,
    usedBytes: fc.option(anyNumber),
    swapUsedBytes: anyNumber,
    swapFreeBytes: anyNumber,
    stall: fc.option(anyNumber),
    workers: fc
      .array(anyWorker, { maxLength: 5 })
      .map((workers) => workers.map((one, index) => ({ ...one, id: `w${index + 1}`, pid: index + 1 }))),
    others: fc.option(anyGrowth),
    neighbours: fc.array(
      fc.record({
        name: fc.string(),
        processes: fc.nat(),
        bytes: anyNumber,
        bytesPerSecond: fc.option(anyNumber),
      }),
    ),
    oomKills: fc.record({ own: fc.nat(), elsewhere: fc.nat() }),
  });

  it('asks for one thing at a time, of a worker that is there, and never two out at once', () => {
    fc.assert(
      fc.property(fc.array(anyView, { maxLength: 12 }), (views) => {
        let memory = FRESH_MEMORY;
        for (const view of views) {
          const before = memory;
          const { decision, memory: next } = judgeBox(view, memory, RULES);
          memory = next;
          const { recycle, kill, level } = decision;
          expect(LEVELS).toContain(level);
          expect(recycle === null || kill === null).toBe(true);
          const ids = view.workers.map(({ id }) => id);
          if (recycle !== null) {
            // Beside one that leaves already only what V8 is about to abort may go, and it must serve.
            const notServing = view.workers.filter(({ phase }) => phase !== 'ready');
            if (recycle.code !== 'heap') expect(notServing).toEqual([]);
            expect(
              notServing.every(({ pid, phase }) => phase === 'draining' && pid === before.recycled?.pid),
            ).toBe(true);
            expect(ids).toContain(recycle.worker);
            expect(notServing.map(({ id }) => id)).not.toContain(recycle.worker);
          }
          if (kill !== null) {
            expect(ids).toContain(kill.worker);
            expect(view.workers.some(({ phase }) => phase === 'killed')).toBe(false);
            const { growth, budgetBytes } = view.workers[0] ?? worker('w1');
            if (view.workers.length === 1) expect(growth.bytes).toBeGreaterThan(budgetBytes);
          }
          if (level !== 'none' && before.level === 'none') expect(decision.reasons.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never takes a worker within its budget for anything that a box does in less than ten seconds', () => {
    const within = fc.record({
      mib: fc.integer({ min: 10, max: 165 }),
      rateMib: fc.integer({ min: -50, max: 200 }),
    });
    const looks = fc.array(
      fc.tuple(within, within, fc.integer({ min: 100, max: 512 }), fc.integer({ min: 0, max: 300 })),
      {
        maxLength: 38,
      },
    );
    fc.assert(
      fc.property(looks, (steps) => {
        const bench = new Bench();
        for (const [one, two, usedMib, rateMib] of steps) {
          const others = { bytes: usedMib * MiB, rateNow: rateMib * MiB, rateLasting: rateMib * MiB };
          const change = {
            usedBytes: usedMib * MiB,
            others,
            workers: [worker('w1', one), worker('w2', two)],
          };
          expect(bench.look(change)).toMatchObject({ recycle: null, kill: null });
        }
      }),
    );
  });

  it('always sees a leak in time: the box is never full before the worker was told to go', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 160 }), (rateMib, startMib) => {
        const bench = new Bench();
        for (let mib = startMib; ; mib += rateMib / 4) {
          const usedBytes = (150 + mib) * MiB;
          expect(usedBytes).toBeLessThan(512 * MiB);
          const { kill } = bench.look({ usedBytes, workers: [worker('w1', { mib, rateMib }), worker('w2')] });
          if (kill !== null) return;
        }
      }),
    );
  });
});
