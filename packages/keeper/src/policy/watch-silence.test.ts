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
});
