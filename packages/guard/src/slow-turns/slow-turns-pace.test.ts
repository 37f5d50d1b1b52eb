import { HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { SlowTurnsPace } from './slow-turns-pace.ts';

describe('when to watch slow turns', () => {
  it('is when two come within a minute', () => {
    const pace = new SlowTurnsPace();
    expect(pace.slowTurn(0, 'code')).toBe(false);
    expect(pace.slowTurn(70 * SECOND, 'code')).toBe(false);
    expect(pace.slowTurn(100 * SECOND, 'code')).toBe(true);
  });

  it('is when six come that collections may explain', () => {
    const pace = new SlowTurnsPace();
    const answers = [1, 2, 3, 4, 5, 6].map((second) => pace.slowTurn(second * SECOND, 'collection'));
    expect(answers).toEqual([false, false, false, false, false, true]);
  });

  it('is not soon again: what it costs is a twenty-thousandth of the time, and each time doubles the rest', () => {
    const pace = new SlowTurnsPace();
    const nextAfter = (fromMs: number): number => {
      for (let nowMs = fromMs; nowMs < fromMs + 5 * HOUR; nowMs += 10 * SECOND) {
        if (pace.slowTurn(nowMs, 'code')) return nowMs;
      }
      return Number.POSITIVE_INFINITY;
    };
    pace.rest(0, 30);
    const second = nextAfter(0);
    expect(second).toBe(10 * MINUTE);
    pace.rest(second, 30);
    expect(nextAfter(second) - second).toBe(20 * MINUTE);
    pace.rest(second, 500);
    expect(nextAfter(second) - second).toBe(2 * HOUR);
    // Days later it is another matter.
    pace.rest(100 * HOUR, 0);
    expect(nextAfter(100 * HOUR) - 100 * HOUR).toBe(5 * MINUTE);
  });

  it('measures a calm loop for a minute in ten, when it may hold slow turns, and on while they recur', () => {
    const pace = new SlowTurnsPace();
    expect(pace.listens(0, false)).toBe(false);
    expect(pace.listens(SECOND, true)).toBe(true);
    expect(pace.listens(50 * SECOND, false)).toBe(true);
    expect(pace.listens(62 * SECOND, true)).toBe(false);
    pace.slowTurn(62 * SECOND, 'code');
    pace.slowTurn(70 * SECOND, 'code');
    expect(pace.listens(90 * SECOND, false)).toBe(true);
    expect(pace.listens(3 * MINUTE, true)).toBe(false);
    expect(pace.listens(12 * MINUTE, true)).toBe(true);
  });
});
