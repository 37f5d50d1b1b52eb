import { createManualClock, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pressure } from '../pressure/pressure.ts';
import { LoadShedder } from './load-shedder.ts';
import { nextShedShare } from './shed-share.ts';

const NONE: Pressure = { level: 'none', reasons: [] };
const reason = (value: number, level: 'elevated' | 'critical'): Pressure => ({
  level,
  reasons: [{ code: 'loop-delay', level, value, elevated: 50, critical: 250 }],
});
const ELEVATED = reason(100, 'elevated');
const CRITICAL = reason(250, 'critical');

/** A process whose pressure a test sets, sampled twice a second as the guard does under pressure. */
function shedderUnder(initial: Pressure, random: () => number = Math.random) {
  const clock = createManualClock();
  let pressure = initial;
  const shedder = new LoadShedder({ pressure: () => pressure }, {}, { clock, random });
  return {
    shedder,
    clock,
    sample(next: Pressure, seconds = 0.5) {
      for (let elapsed = 0; elapsed < seconds; elapsed += 0.5) {
        pressure = { ...next };
        clock.advance(SECOND / 2);
        shedder.refuses('/orders');
      }
      return shedder.share;
    },
  };
}

describe('LoadShedder', () => {
  it('turns nobody away before pressure is critical', () => {
    const { shedder, sample } = shedderUnder(NONE, () => 0);
    expect(sample(NONE, 10)).toBe(0);
    expect(sample(ELEVATED, 10)).toBe(0);
    expect(shedder.refuses('/orders')).toBe(false);
  });

  it('begins with one in five, and rises while it does not help, the faster the worse it is', () => {
    const mild = shedderUnder(NONE);
    const grave = shedderUnder(NONE);
    expect(mild.sample(CRITICAL)).toBe(0.2);
    expect(grave.sample(reason(750, 'critical'))).toBe(0.2);
    expect(grave.sample(reason(750, 'critical'), 2)).toBeGreaterThan(mild.sample(CRITICAL, 2) + 0.3);
    expect(mild.sample(CRITICAL, 60)).toBe(0.95);
  });

  it('lets requests in again by and by, also when pressure stays elevated', () => {
    const calm = shedderUnder(NONE);
    calm.sample(CRITICAL, 60);
    expect(calm.sample(NONE, 5)).toBeCloseTo(0.45, 5);
    expect(calm.sample(NONE, 5)).toBe(0);
    const elevated = shedderUnder(NONE);
    elevated.sample(CRITICAL, 60);
    expect(elevated.sample(ELEVATED, 10)).toBeCloseTo(0.45, 5);
    expect(elevated.sample(ELEVATED, 10)).toBe(0);
  });

  it('refuses about the share that it says', () => {
    const { shedder, sample } = shedderUnder(NONE);
    sample(CRITICAL);
    let refused = 0;
    for (let count = 0; count < 10_000; count += 1) refused += Number(shedder.refuses('/orders'));
    expect(refused).toBeGreaterThan(1_700);
    expect(refused).toBeLessThan(2_300);
  });

  it('always serves health checks, those that it is told of too', () => {
    const clock = createManualClock();
    const options = { healthPaths: ['/internal/alive'] };
    const shedder = new LoadShedder({ pressure: () => CRITICAL }, options, { clock, random: () => 0 });
    for (const path of ['/healthz', '/readyz?full=1', '/metrics', '/internal/alive']) {
      expect(shedder.refuses(path)).toBe(false);
    }
    expect(shedder.refuses('/healthz/../orders')).toBe(true);
    expect(shedder.refuses('/orders?/healthz')).toBe(true);
  });

  it('stops when the guard was stopped while pressure was critical', () => {
    const clock = createManualClock();
    const shedder = new LoadShedder({ pressure: () => CRITICAL }, {}, { clock, random: () => 0 });
    expect(shedder.refuses('/orders')).toBe(true);
    clock.advance(121 * SECOND);
    expect(shedder.refuses('/orders')).toBe(false);
  });

  it('asks clients back at different times', () => {
    const { shedder } = shedderUnder(NONE);
    const seconds = new Set(Array.from({ length: 200 }, () => shedder.retryAfterSeconds()));
    expect([...seconds].sort()).toEqual([2, 3, 4, 5]);
  });

  it('refuses health paths that are none', () => {
    for (const healthPaths of [['health'], Array.from({ length: 101 }, () => '/x'), 'x', [7]]) {
      const options = { healthPaths } as { healthPaths: string[] };
      expect(() => new LoadShedder({ pressure: () => NONE }, options)).toThrow(TypeError);
    }
  });
});

describe('nextShedShare', () => {
  it('stays between 0 and 0.95, whatever a clock or a sample says', () => {
    const levels = fc.constantFrom('none', 'elevated', 'critical') as fc.Arbitrary<Pressure['level']>;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        levels,
        fc.double(),
        fc.double(),
        (share, level, value, ms) => {
          const reasons =
            level === 'none' ? [] : [{ code: 'gc-time', level, value, elevated: 0, critical: 0.6 } as const];
          const next = nextShedShare(share, { level, reasons }, ms);
          expect(next).toBeGreaterThanOrEqual(0);
          expect(next).toBeLessThanOrEqual(0.95);
        },
      ),
      {
        examples: [
          [0.5, 'critical', Number.NaN, 500],
          [0.5, 'critical', 1, Number.NaN],
        ],
      },
    );
  });
});
