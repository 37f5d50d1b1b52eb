import { MINUTE, MiB, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoxDecision, type BoxMemory, FRESH_MEMORY } from './box-decision.ts';
import type { BoxView, WorkerView } from './box-view.ts';
import { judgeBox } from './judge-box.ts';

const RULES = { recycleMs: 11 * SECOND };
const LEVELS = ['none', 'elevated', 'critical'] as const;

interface Sizes {
  readonly mib?: number;
  readonly budgetMib?: number;
  readonly rateMib?: number;
  readonly phase?: WorkerView['phase'];
}

function worker(id: string, { mib = 100, budgetMib = 165, rateMib = 0, phase = 'ready' }: Sizes = {}) {
  const rate = rateMib * MiB;
  const view: WorkerView = {
    id,
    pid: Number(id.slice(1)),
    phase,
    budgetBytes: budgetMib * MiB,
    growth: { bytes: mib * MiB, rateNow: rate, rateLasting: rate },
    risingFloor: null,
    heap: null,
  };
  return view;
}

function box(change: Partial<BoxView> = {}): BoxView {
  return {
    atMs: 100_000,
    kind: 'cgroup',
    limitBytes: 512 * MiB,
    usedBytes: 250 * MiB,
    swapUsedBytes: 0,
    swapFreeBytes: 0,
    stall: 0,
    workers: [worker('w1'), worker('w2')],
    others: { bytes: 50 * MiB, rateNow: 0, rateLasting: 0 },
    neighbours: [],
    oomKills: { own: 0, elsewhere: 0 },
    ...change,
  };
}

/** Judges one look after the other, a quarter of a second apart. */
class Bench {
  memory: BoxMemory = FRESH_MEMORY;
  atMs = 100_000;

  look(change: Partial<BoxView> = {}): BoxDecision {
    this.atMs += 250;
    const { decision, memory } = judgeBox(box({ atMs: this.atMs, ...change }), this.memory, RULES);
    this.memory = memory;
    return decision;
  }

  /** Looks for a while; answers what was to be done on the way, and the last decision. */
  hold(ms: number, change: Partial<BoxView>) {
    const asked: string[] = [];
    let last = this.look(change);
    for (let passed = 0; passed <= ms; passed += 250) {
      for (const verdict of [last.recycle, last.kill]) {
        if (verdict !== null) asked.push(`${verdict.code} ${verdict.worker}`);
      }
      last = this.look(change);
    }
    return { asked, last };
  }
}

const judge = (change: Partial<BoxView>) => new Bench().look(change);

describe('judgeBox: the level', () => {
  it('is none while workers grow within their budgets, however fast', () => {
    const growing = [worker('w1', { rateMib: 40 }), worker('w2', { rateMib: 40 })];
    expect(judge({ workers: growing })).toEqual({
      level: 'none',
      reasons: [],
      recycle: null,
      kill: null,
      evacuate: null,
      spareFits: true,
    });
  });

  it('rises at once and falls one by one after five calm seconds, without flapping between', () => {
    const bench = new Bench();
    expect(bench.look({ usedBytes: 490 * MiB }).level).toBe('critical');
    expect(bench.look({ usedBytes: 480 * MiB }).level).toBe('critical');
    // 0.93 of the limit is less than critical and more than its end at 0.92.
    expect(bench.hold(20_000, { usedBytes: 476 * MiB }).last.level).toBe('critical');
    expect(bench.hold(4_000, { usedBytes: 465 * MiB }).last.level).toBe('critical');
    expect(bench.hold(2_000, { usedBytes: 465 * MiB }).last.level).toBe('elevated');
    expect(bench.hold(6_000, { usedBytes: 300 * MiB }).last).toMatchObject({ level: 'none', reasons: [] });
  });

  it('tells with numbers what is short and who grows', () => {
    const neighbours = [
      { name: 'mariadbd', processes: 1, bytes: 700 * MiB, bytesPerSecond: 2 * MiB },
      { name: 'java', processes: 2, bytes: 900 * MiB, bytesPerSecond: -5 },
    ];
    const others = { bytes: 300 * MiB, rateNow: 5 * MiB, rateLasting: 4 * MiB };
    const { level, reasons } = judge({ usedBytes: 472 * MiB, others, neighbours, stall: 0.2 });
    expect(level).toBe('elevated');
    expect(reasons).toEqual([
      { code: 'box-full', kind: 'cgroup', usedBytes: 472 * MiB, limitBytes: 512 * MiB },
      { code: 'limit-near', limitInMs: 10_000, bytesPerSecond: 4 * MiB },
      { code: 'memory-stall', share: 0.2 },
      { code: 'neighbour-grew', name: 'mariadbd', bytes: 700 * MiB, bytesPerSecond: 2 * MiB },
    ]);
  });

  it('does not close the doors of all for one that is on its way out', () => {
    const leaking = [worker('w1', { mib: 330, rateMib: 20 }), worker('w2')];
    const { last, asked } = new Bench().hold(3_000, { usedBytes: 490 * MiB, workers: leaking });
    expect(asked.map((one) => one.split(' ')[1])).toContain('w1');
    expect(last.level).toBe('elevated');
  });
});

describe('judgeBox: who is replaced', () => {
  it('takes the worker beyond its budget while there is time for a drain, not the larger one', () => {
    const workers = [
      worker('w1', { mib: 200, budgetMib: 300 }),
      worker('w2', { mib: 170, budgetMib: 165, rateMib: 10 }),
    ];
    const { recycle, kill } = judge({ usedBytes: 400 * MiB, workers });
    expect(recycle).toMatchObject({ worker: 'w2', code: 'box', roomBytes: 112 * MiB });
    expect(kill).toBeNull();
  });

  it('takes the one that will be furthest beyond its budget, by size and pace', () => {
    const workers = [worker('w1', { mib: 200, rateMib: 2 }), worker('w2', { mib: 170, rateMib: 10 })];
    expect(judge({ usedBytes: 470 * MiB, workers }).recycle?.worker).toBe('w2');
  });

  it('takes one that stopped far over its budget when the box is full, each time later', () => {
    const bench = new Bench();
    const standing = (mib: number, pid: number) => ({
      usedBytes: 470 * MiB,
      workers: [{ ...worker('w1', { mib }), pid }, worker('w2')],
    });
    expect(bench.look(standing(200, 1)).recycle).toBeNull();
    expect(bench.look(standing(210, 1)).recycle).toMatchObject({ worker: 'w1', code: 'full' });
    expect(bench.look(standing(210, 7)).recycle).toBeNull();
    expect(bench.look(standing(260, 7)).recycle?.code).toBe('full');
  });

  it('lets a neighbour’s growth count for the level, not against a worker a little over its budget', () => {
    const others = { bytes: 100 * MiB, rateNow: 60 * MiB, rateLasting: 60 * MiB };
    const workers = [worker('w1', { mib: 180, rateMib: 2 }), worker('w2')];
    expect(judge({ usedBytes: 400 * MiB, others, workers })).toMatchObject({
      level: 'critical',
      recycle: null,
    });
  });

  it('takes one that nears its budget when its floor rises, and overlooks more each time', () => {
    const rising = (mib: number) => ({
      ...worker('w1', { mib }),
      risingFloor: { bytes: mib * MiB, risenBytes: 5 * MiB },
    });
    const bench = new Bench();
    expect(bench.look({ workers: [rising(139), worker('w2')] }).recycle).toBeNull();
    expect(bench.look({ workers: [rising(141), worker('w2')] }).recycle).toMatchObject({
      code: 'budget',
      worker: 'w1',
    });
    const next = (mib: number) => ({ workers: [{ ...rising(mib), pid: 7 }, worker('w2')] });
    expect(bench.look(next(150)).recycle).toBeNull();
    expect(bench.look(next(176)).recycle?.code).toBe('budget');
    bench.atMs += 61 * MINUTE;
    expect(bench.look({ workers: [{ ...rising(141), pid: 8 }, worker('w2')] }).recycle?.code).toBe('budget');
  });

  it('leaves a program alone that stands above its budget in a box with room', () => {
    const standing = [worker('w1', { mib: 300 }), worker('w2', { mib: 300 })];
    const change = { limitBytes: 2048 * MiB, usedBytes: 900 * MiB, workers: standing };
    expect(new Bench().hold(10 * MINUTE, change)).toMatchObject({ asked: [], last: { level: 'none' } });
  });

  it.each([
    ['is full', 93, null, true],
    ['is nearly full and rises', 86, 40_000, true],
    ['reaches its limit within a replacement', 72, 9_000, true],
    ['is nearly full and stands', 86, null, false],
    ['rises steeply while half empty', 50, 5_000, false],
  ])('looks at a heap that %s', (_what, floorMib, limitInMs, recycled) => {
    const heap = { floorBytes: floorMib * MiB, limitBytes: 100 * MiB, limitInMs };
    const { recycle } = judge({ workers: [worker('w1'), { ...worker('w2'), heap }] });
    expect(recycle?.worker ?? null).toBe(recycled ? 'w2' : null);
    if (recycled) expect(recycle).toMatchObject({ code: 'heap', roomBytes: (100 - floorMib) * MiB });
  });

  it.each([
    ['is full', 93, null, 'ready', true],
    ['is full before a successor serves', 72, 1_500, 'ready', true],
    ['is full before its worker has left', 86, 1_500, 'draining', true],
    ['leaves time for a successor', 72, 9_000, 'ready', false],
    ['is full of a worker that nobody has yet', 93, null, 'starting', false],
  ] as const)('lets go of connections when a heap %s', (_what, floorMib, limitInMs, phase, evacuated) => {
    const heap = { floorBytes: floorMib * MiB, limitBytes: 100 * MiB, limitInMs };
    const bench = new Bench();
    const view = { workers: [worker('w1'), { ...worker('w2', { phase }), heap }] };
    const expected = evacuated ? { worker: 'w2', withinMs: limitInMs ?? 0 } : null;
    expect(bench.look(view).evacuate).toEqual(expected);
    // Said once.
    expect(bench.look(view).evacuate).toBeNull();
  });

  it('sheds for ten seconds before a healthy worker pays for a neighbour, and then not for five minutes', () => {
    const workers = [worker('w1', { mib: 150 }), worker('w2', { mib: 120 })];
    const change = { usedBytes: 495 * MiB, workers };
    const bench = new Bench();
    expect(bench.hold(9_000, change)).toMatchObject({ asked: [], last: { level: 'critical' } });
    expect(bench.hold(4 * MINUTE, change).asked).toEqual(['neighbour w1']);
  });

  it('spares a worker that a fresh one would not be much smaller than', () => {
    const workers = [worker('w1', { mib: 80 }), worker('w2', { mib: 80 })];
    expect(new Bench().hold(MINUTE, { usedBytes: 495 * MiB, workers }).asked).toEqual([]);
  });

  it('says when a spare does not fit beside what runs', () => {
    expect(judge({ usedBytes: 400 * MiB }).spareFits).toBe(true);
    expect(judge({ usedBytes: 430 * MiB }).spareFits).toBe(false);
  });
});

describe('judgeBox: who is killed', () => {
  const leak = (mib: number, rateMib: number) => worker('w1', { mib, rateMib });

  it('kills at 50 MB/s when the next second would end at the limit, and not before', () => {
    const look = (usedMib: number) =>
      judge({ usedBytes: usedMib * MiB, workers: [leak(250, 50), worker('w2')] });
    expect(look(440)).toMatchObject({ kill: null, recycle: { worker: 'w1' } });
    expect(look(470)).toMatchObject({ kill: { worker: 'w1', code: 'limit' }, recycle: null });
  });

  it('kills one that took 300 MiB in one gulp when nothing is left', () => {
    const gulped = [leak(400, 0), worker('w2')];
    expect(judge({ usedBytes: 505 * MiB, workers: gulped }).kill).toMatchObject({ worker: 'w1' });
    expect(judge({ usedBytes: 480 * MiB, workers: gulped })).toMatchObject({
      kill: null,
      recycle: { worker: 'w1' },
    });
  });

  it('kills no worker within its budget, whoever fills the box', () => {
    const others = { bytes: 300 * MiB, rateNow: 80 * MiB, rateLasting: 80 * MiB };
    const { last, asked } = new Bench().hold(8_000, { usedBytes: 511 * MiB, others });
    expect(asked).toEqual([]);
    expect(last.level).toBe('critical');
  });

  it('waits while swap is free: the kernel does not kill yet', () => {
    const change = { kind: 'machine', usedBytes: 505 * MiB, workers: [leak(300, 50), worker('w2')] } as const;
    expect(judge({ ...change, swapFreeBytes: 500 * MiB })).toMatchObject({
      kill: null,
      recycle: { worker: 'w1' },
    });
    expect(judge(change).kill).not.toBeNull();
  });

  it('takes one that is leaving in the place of the last that serves', () => {
    const leaving = worker('w2', { phase: 'draining' });
    expect(judge({ usedBytes: 500 * MiB, workers: [leak(300, 50), leaving] }).kill?.worker).toBe('w2');
    const three = [leak(300, 50), leaving, worker('w3')];
    expect(judge({ usedBytes: 500 * MiB, workers: three }).kill?.worker).toBe('w1');
  });

  it('kills one, and the next only when that one is gone', () => {
    const bench = new Bench();
    const both = [leak(220, 50), worker('w2', { mib: 210, rateMib: 50 })];
    expect(bench.look({ usedBytes: 500 * MiB, workers: both }).kill?.worker).toBe('w1');
    expect(bench.look({ usedBytes: 500 * MiB, workers: both }).kill).toBeNull();
    const dying = [worker('w1', { mib: 220, phase: 'killed' }), both[1] ?? worker('w2')];
    expect(bench.look({ usedBytes: 500 * MiB, workers: dying }).kill).toBeNull();
    expect(bench.look({ usedBytes: 500 * MiB, workers: dying.slice(1) }).kill?.worker).toBe('w2');
  });
});

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
