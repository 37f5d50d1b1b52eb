import { describe, expect, it } from 'vitest';
import { Desk, ofType } from '../../testing/policy-desk.ts';

describe('decide: silence', () => {
  it('has a silent worker examined once in a silence, and leaves it alone when it speaks again', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.beat('w1');
    expect(ofType(desk.wait(9_000, ['w1']), 'examine-hang')).toEqual([
      { type: 'examine-hang', id: 'w1', silentMs: 2_250 },
    ]);
    desk.beat('w1');
    expect(ofType(desk.wait(20_000), 'kill')).toEqual([]);
    expect(ofType(desk.wait(3_000, ['w1']), 'examine-hang')).toHaveLength(1);
  });

  it('lets a worker stand still for a snapshot that it was asked for, but not for ever', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.beat('w1');
    desk.send({ type: 'snapshot', id: 'w1', underway: true });
    const meanwhile = desk.wait(20_000, ['w1']);
    expect(meanwhile.filter(({ type }) => type === 'examine-hang' || type === 'kill')).toEqual([]);
    desk.send({ type: 'snapshot', id: 'w1', underway: false });
    expect(ofType(desk.wait(1_500, ['w1']), 'examine-hang')).toEqual([]);
    expect(ofType(desk.wait(1_500, ['w1']), 'examine-hang')).toHaveLength(1);

    desk.beat('w2');
    desk.send({ type: 'snapshot', id: 'w2', underway: true });
    expect(ofType(desk.wait(62_000, ['w2']), 'kill')).toEqual([{ type: 'kill', id: 'w2' }]);
  });
});
