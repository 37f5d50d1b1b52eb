import { createManualClock, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { RefusalWatch } from './refusal-watch.ts';

describe('RefusalWatch', () => {
  const clock = createManualClock();
  const watch = () => new RefusalWatch(clock);
  const notes = (one: RefusalWatch, code: string, count: number) =>
    Array.from({ length: count }, () => one.note(code));

  it('tells at once of what came with a right signature, and then once a minute', () => {
    const one = watch();
    expect(notes(one, 'WECHAT_PUSH_STALE', 3)).toEqual([true, false, false]);
    clock.advance(MINUTE);
    expect(notes(one, 'WECHAT_PUSH_STALE', 2)).toEqual([true, false]);
    expect(one.note('WECHAT_PUSH_REPLAYED')).toBe(true);
  });

  it('tells of what anybody can send when it comes three times within ten minutes', () => {
    const one = watch();
    expect(notes(one, 'WECHAT_PUSH_SIGNATURE_WRONG', 4)).toEqual([false, false, true, false]);
    const other = watch();
    expect(notes(other, 'WECHAT_PUSH_SIGNATURE_WRONG', 2)).toEqual([false, false]);
    clock.advance(10 * MINUTE);
    expect(notes(other, 'WECHAT_PUSH_SIGNATURE_WRONG', 3)).toEqual([false, false, true]);
  });

  it('never tells of noise', () => {
    expect(notes(watch(), 'WECHAT_PUSH_MALFORMED', 20)).not.toContain(true);
  });
});
