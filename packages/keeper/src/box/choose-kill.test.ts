import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { Bench, judge, worker } from '../../testing/judged-box.ts';

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
