import { createManualClock, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { Agenda } from './agenda.ts';
import { createMovableClock } from './movable-clock.ts';

describe('the agenda', () => {
  it('keeps to the order of time, then to the order of asking, on a clock that jumps', async () => {
    const clock = createMovableClock(createManualClock());
    const agenda = new Agenda(clock);
    const done: string[] = [];
    agenda.in(2 * MINUTE, () => done.push('later'));
    agenda.in(MINUTE, () => done.push('first'));
    agenda.in(MINUTE, () => done.push('second'));
    agenda.in(3 * MINUTE, () => done.push('never'));
    clock.advance(2 * MINUTE);
    expect(done).toEqual([]);
    await expect.poll(() => done).toEqual(['first', 'second', 'later']);
    agenda.clear();
    clock.advance(MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done).toHaveLength(3);
  });
});
