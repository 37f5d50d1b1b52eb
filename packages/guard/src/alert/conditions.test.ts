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

describe('what happens and is over', () => {
  const hang = {
    rule: 'hang',
    process: 'w1',
    cause: 'w1 was blocked for 5 s in spin (server.js:12)',
  } as const;

  it('is told once with its cause, as urgent at the third time, and not told to be over', () => {
    const { observe, lasting, kinds, events } = watched();
    observe(calmFacts({ incidents: [hang] }));
    expect(events[0]).toMatchObject({ kind: 'raised', rule: 'hang', severity: 'warning' });
    expect(events[0]?.evidence.death?.cause).toBe(hang.cause);
    lasting(MINUTE, calmFacts());
    observe(calmFacts({ incidents: [hang, { ...hang, process: 'w2' }] }));
    lasting(20 * MINUTE, calmFacts());
    expect(kinds()).toEqual(['raised hang', 'worse hang']);
    observe(calmFacts({ incidents: [hang] }));
    expect(kinds()).toEqual(['raised hang', 'worse hang', 'raised hang']);
  });

  it('is told of each version that failed', () => {
    const { observe, events } = watched();
    const failed = { rule: 'deploy', process: 'w1', cause: 'it threw' } as const;
    for (const version of ['v2', 'v2', 'v3']) observe(calmFacts({ incidents: [{ ...failed, version }] }));
    expect(events.map(({ kind, process }) => `${kind} ${process}`)).toEqual(['raised v2', 'raised v3']);
  });

  it('is counted of 32 kinds and no more', () => {
    const { observe, events } = watched();
    const incidents = Array.from({ length: 100 }, (_, index) => ({
      rule: 'deploy' as const,
      process: 'w1',
      cause: 'it threw',
      version: `v${index}`,
    }));
    observe(calmFacts({ incidents }));
    expect(events).toHaveLength(32);
  });

  it('goes with the deaths when a process does not come to life any more', () => {
    const { observe, lasting, kinds, events } = watched();
    const crashLoop = { process: 'w1', failures: 3 };
    observe(calmFacts({ crashLoop }));
    lasting(HOUR, calmFacts({ crashLoop }));
    expect(kinds()).toEqual(['raised restarts']);
    expect(events[0]?.evidence.crashLoop).toEqual(crashLoop);
    lasting(MINUTE, calmFacts());
    expect(kinds()).toEqual(['raised restarts', 'recovered restarts']);
  });
});

describe('a leak', () => {
  const examination = {
    process: 'w1',
    leaks: true,
    pool: 'heap',
    bytesPerSecond: 50_000,
    used: 120_000_000,
    note: 'JS heap: leaks\nRoute: POST /orders',
  } as const;
  const both = (first: number, second: number): AlertFacts => ({
    ...leakAt(first),
    processes: [...leakAt(first).processes, ...leakAt(second, { process: 'w2' }).processes],
  });

  it('that two processes have alike is told once, and is over when both are rid of it', () => {
    const { lasting, events } = watched();
    lasting(MINUTE, both(0.95, 0.1));
    lasting(MINUTE, both(0.95, 0.95));
    lasting(10 * MINUTE, both(0.1, 0.95));
    lasting(10 * MINUTE, both(0.1, 0.1));
    expect(events.map(({ kind, process }) => `${kind} ${process}`)).toEqual(['raised w1', 'recovered w2']);
  });

  it('is told of both when it strikes them at once', () => {
    const { lasting, events } = watched();
    lasting(MINUTE, both(0.95, 0.95));
    expect(events.map(({ process }) => process)).toEqual(['w1', 'w2']);
  });

  it('has one reminder, of the process that had it first', () => {
    const { lasting, events } = watched();
    lasting(MINUTE, both(0.95, 0.1));
    lasting(9 * HOUR, both(0.95, 0.95), 10 * SECOND);
    expect(events.map(({ kind, process }) => `${kind} ${process}`)).toEqual([
      'raised w1',
      'reminder w1',
      'reminder w1',
    ]);
  });

  it('is told when a process finds it in itself, though it is gone and nobody had foreseen it', () => {
    const { observe, lasting, events } = watched();
    observe(calmFacts({ processes: [], examinations: [examination] }));
    lasting(30 * SECOND, calmFacts({ processes: [] }));
    expect(events).toMatchObject([
      { kind: 'raised', rule: 'leak', process: 'w1', note: examination.note, isExamined: true },
    ]);
    lasting(10 * MINUTE, calmFacts({ processes: [] }));
    expect(events.map(({ kind }) => kind)).toEqual(['raised', 'recovered']);
  });

  it('gets what the process found out as a clue, though it had a note before', () => {
    const { observe, lasting, events } = watched();
    const foreseen = leakAt(0.95, { note: 'Route: POST /orders' });
    lasting(MINUTE, foreseen);
    observe({ ...foreseen, examinations: [examination] });
    lasting(30 * SECOND, foreseen);
    expect(events.map(({ kind }) => kind)).toEqual(['raised', 'clue']);
    expect(events[1]?.note).toBe(examination.note);
  });

  it('is taken back when the process finds nothing', () => {
    const { observe, lasting, events } = watched();
    const well = { ...examination, leaks: false, pool: null, note: 'Nothing grows' };
    lasting(MINUTE, leakAt(0.95));
    observe(calmFacts({ processes: [], examinations: [well] }));
    lasting(10 * MINUTE, calmFacts({ processes: [] }));
    expect(events.map(({ kind }) => kind)).toEqual(['raised', 'clue', 'recovered']);
    expect(events[1]?.note).toBe('Nothing grows');
  });

  it('that takes a day is told, and nobody is woken', () => {
    const { lasting, events } = watched();
    const forecast = {
      pool: 'heap',
      verdict: 'leaking',
      probability: 0.97,
      bytesPerSecond: 900,
      timeToLimitMs: 20 * HOUR,
    } as const;
    lasting(MINUTE, calmFacts({ processes: [calmProcess({ slowForecasts: [forecast] })] }));
    expect(events).toMatchObject([{ kind: 'raised', rule: 'slow-leak', severity: 'warning', process: 'w1' }]);
  });

  it('is remembered of 64 examined processes at most', () => {
    const { lasting, observe, conditions } = watched();
    const examinations = Array.from({ length: 200 }, (_, index) => ({
      ...examination,
      process: `p${index}`,
    }));
    observe(calmFacts({ processes: [], examinations }));
    lasting(20 * SECOND, calmFacts({ processes: [] }));
    expect(conditions.raised()).toHaveLength(64);
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
