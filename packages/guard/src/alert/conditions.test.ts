import { createManualClock, HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmFacts, calmProcess, heapAt, leakAt } from '../../fixtures/alert-facts.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { AlertEvent } from './condition.ts';
import { Conditions } from './conditions.ts';
import { DEFAULT_LIMITS } from './rules.ts';

/** A server whose facts a test makes up; it is looked at every second. */
function watched() {
  const clock = createManualClock();
  const conditions = new Conditions({
    rules: DEFAULT_LIMITS,
    restartWindowMs: 15 * MINUTE,
    reminderMs: 4 * HOUR,
    clock,
  });
  const events: AlertEvent[] = [];
  const observe = (facts: AlertFacts) => void events.push(...conditions.observe(facts));
  return {
    clock,
    conditions,
    events,
    observe,
    kinds: () => events.map(({ kind, rule }) => `${kind} ${rule}`),
    lasting(ms: Milliseconds, facts: AlertFacts, everyMs: Milliseconds = SECOND) {
      for (let passed = 0; passed < ms; passed += everyMs) {
        clock.advance(everyMs);
        observe(facts);
      }
    },
  };
}

describe('a condition', () => {
  it('is told once when it has lasted, and once when it is over', () => {
    const { lasting, kinds, events } = watched();
    lasting(20 * SECOND, heapAt(0.9));
    expect(kinds()).toEqual([]);
    lasting(30 * MINUTE, heapAt(0.9));
    expect(kinds()).toEqual(['raised heap']);
    lasting(30 * MINUTE, heapAt(0.3));
    expect(kinds()).toEqual(['raised heap', 'recovered heap']);
    expect(events[1]).toMatchObject({ severity: 'warning', value: 0.3, peak: 0.9 });
    expect(events[1]?.durationMs).toBeCloseTo(32 * MINUTE + 20 * SECOND, -4);
  });

  it('is not told when it is short, nor ended by a dip', () => {
    const { lasting, kinds } = watched();
    for (let round = 0; round < 20; round += 1) {
      lasting(20 * SECOND, heapAt(0.9));
      lasting(25 * SECOND, heapAt(0.5));
    }
    expect(kinds()).toEqual([]);
    lasting(MINUTE, heapAt(0.9));
    for (let round = 0; round < 20; round += 1) {
      lasting(10 * SECOND, heapAt(0.5));
      lasting(20 * SECOND, heapAt(0.9));
    }
    expect(kinds()).toEqual(['raised heap']);
  });

  it('lasts between its two thresholds', () => {
    const { lasting, kinds } = watched();
    lasting(MINUTE, heapAt(0.86));
    lasting(HOUR, heapAt(0.8));
    expect(kinds()).toEqual(['raised heap']);
  });

  it('is told again when it becomes urgent, but not when it becomes so twice', () => {
    const { lasting, kinds, events } = watched();
    lasting(MINUTE, heapAt(0.86));
    for (let round = 0; round < 5; round += 1) {
      lasting(MINUTE, heapAt(0.95));
      lasting(MINUTE, heapAt(0.86));
    }
    expect(kinds()).toEqual(['raised heap', 'worse heap']);
    expect(events.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
  });

  it('is reminded of every four hours, with what has changed', () => {
    const { lasting, kinds, events } = watched();
    lasting(MINUTE, heapAt(0.86));
    lasting(9 * HOUR, heapAt(0.9), 10 * SECOND);
    expect(kinds()).toEqual(['raised heap', 'reminder heap', 'reminder heap']);
    const { firstEvidence, evidence } = events[1] as AlertEvent;
    expect(Number(evidence.used)).toBeGreaterThan(Number(firstEvidence.used));
  });

  it('is told of each process by itself', () => {
    const { lasting, events } = watched();
    const both = { processes: [...heapAt(0.9, 'w1').processes, ...heapAt(0.9, 'w2').processes] };
    lasting(MINUTE, calmFacts(both));
    expect(events.map(({ process }) => process)).toEqual(['w1', 'w2']);
  });

  it('is over when its process is gone, and nobody says that all is well', () => {
    const { lasting, events } = watched();
    lasting(MINUTE, heapAt(0.9));
    lasting(5 * MINUTE, calmFacts({ processes: [] }));
    expect(events.map(({ kind, value }) => [kind, value])).toEqual([
      ['raised', 0.9],
      ['recovered', null],
    ]);
  });

  it('gets a clue once, when it came without one', () => {
    const { lasting, kinds, events } = watched();
    lasting(MINUTE, leakAt(0.95));
    lasting(MINUTE, leakAt(0.95, { note: 'POST /orders keeps 2 KiB a request' }));
    expect(kinds()).toEqual(['raised leak', 'clue leak']);
    expect(events[1]?.note).toBe('POST /orders keeps 2 KiB a request');
  });

  it('is not believed over a time in which nobody looked', () => {
    const { clock, observe, kinds } = watched();
    observe(calmFacts({ processes: [calmProcess({ busy: 0.95 })] }));
    clock.advance(HOUR);
    observe(calmFacts({ processes: [calmProcess({ busy: 0.95 })] }));
    expect(kinds()).toEqual([]);
  });

  it('keeps its durations when the wall clock jumps', () => {
    const { clock, lasting, events } = watched();
    lasting(MINUTE, heapAt(0.9));
    clock.setWallClock(0);
    lasting(3 * MINUTE, heapAt(0.3));
    expect(events[1]?.durationMs).toBeCloseTo(3 * MINUTE, -4);
  });
});

describe('deaths', () => {
  const death = { process: 'w1', cause: 'HEAP_EXHAUSTED' };

  it('are told at the third, urgent at the sixth, and over when a window has passed without', () => {
    const { observe, lasting, kinds, events } = watched();
    for (let count = 0; count < 8; count += 1) {
      observe(calmFacts({ deaths: [death] }));
      lasting(10 * SECOND, calmFacts());
    }
    lasting(14 * MINUTE, calmFacts());
    expect(kinds()).toEqual(['raised restarts', 'worse restarts']);
    lasting(2 * MINUTE, calmFacts());
    expect(kinds()).toEqual(['raised restarts', 'worse restarts', 'recovered restarts']);
    expect(events[0]?.evidence.death).toEqual(death);
  });
});

describe('whatever happens', () => {
  const share = fc.oneof(
    fc.constantFrom(0, 0.5, 0.85, 0.92, 1, Number.NaN, 1e9),
    fc.double({ noNaN: false }),
  );
  const moments = fc.array(
    fc.record({
      ms: fc.integer({ min: 0, max: 10 * MINUTE }),
      process: fc.constantFrom('w1', 'w2'),
      share,
      deaths: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 200 },
  );

  it('raises and recoveries of one condition take turns', () => {
    fc.assert(
      fc.property(moments, (all) => {
        const { clock, observe, events } = watched();
        for (const { ms, process, share, deaths } of all) {
          clock.advance(ms);
          observe({ ...heapAt(share, process), deaths: Array(deaths).fill({ process, cause: 'KILLED' }) });
        }
        const open = new Set<string>();
        for (const { kind, rule, process } of events) {
          const key = `${rule} ${process}`;
          expect(open.has(key)).toBe(kind !== 'raised');
          if (kind === 'raised') open.add(key);
          if (kind === 'recovered') open.delete(key);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('no more than 256 conditions are kept', () => {
    const { lasting, events, conditions } = watched();
    const processes = Array.from({ length: 1_000 }, (_, index) =>
      calmProcess({ process: `p${index}`, heapFloor: 199 * 2 ** 20 }),
    );
    lasting(MINUTE, calmFacts({ processes }));
    expect(events).toHaveLength(256);
    expect(conditions.raised()).toHaveLength(256);
  });
});
