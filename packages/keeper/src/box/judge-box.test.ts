import { MINUTE, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { Bench, judge, worker } from '../../testing/judged-box.ts';

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
