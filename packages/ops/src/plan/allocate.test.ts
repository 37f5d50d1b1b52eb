import { GiB, KiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import type { BoxFacts } from './box-facts.ts';
import type { Budget, DoesNotFit } from './budget.ts';
import type { PlanWishes } from './wishes.ts';

const anyFacts: fc.Arbitrary<BoxFacts> = fc.record({
  memoryBytes: fc.integer({ min: 16 * MiB, max: 64 * GiB }),
  bound: fc.constantFrom('box', 'cgroup-v1', 'cgroup-v2'),
  cores: fc.integer({ min: 1, max: 64 }),
});
const anyWishes: fc.Arbitrary<PlanWishes> = fc.record(
  {
    memoryBytes: fc.integer({ min: 1, max: 80 * GiB }),
    workers: fc.integer({ min: 1, max: 64 }),
    oldSpaceMb: fc.integer({ min: 16, max: 2_048 }),
    server: fc.record(
      {
        bodyLimitBytes: fc.integer({ min: KiB, max: 4 * MiB }),
        bodyMemoryBytes: fc.integer({ min: MiB, max: 64 * MiB }),
        cacheBytes: fc.integer({ min: 0, max: 256 * MiB }),
        sqliteCacheBytes: fc.integer({ min: 64 * KiB, max: 64 * MiB }),
        maxConcurrent: fc.integer({ min: 1, max: 512 }),
        maxConnections: fc.integer({ min: 1, max: 20_000 }),
      },
      { requiredKeys: ['bodyLimitBytes'] },
    ),
    simulator: fc.boolean(),
  },
  { requiredKeys: [] },
);

const server = { bodyLimitBytes: MiB };
const smallBox: BoxFacts = { memoryBytes: 1960 * MiB, bound: 'box', cores: 2 };

function planned(facts: BoxFacts, wishes: PlanWishes): Budget {
  const plan = allocate(facts, wishes);
  if (!plan.fits) throw new Error(`needs ${plan.neededBytes}`);
  return plan;
}

function refused(facts: BoxFacts, wishes: PlanWishes): DoesNotFit {
  const plan = allocate(facts, wishes);
  if (plan.fits) throw new Error('it fits');
  return plan;
}

function sum(plan: Budget | DoesNotFit): number {
  return plan.lines.reduce((total, { bytes }) => total + bytes, 0);
}

describe('a plan that fits', () => {
  it('adds up to the limit to the byte, and the limit is inside the box', () => {
    fc.assert(
      fc.property(anyFacts, anyWishes, (facts, wishes) => {
        const plan = allocate(facts, wishes);
        if (!plan.fits) return;
        expect(sum(plan)).toBe(plan.basis.limitBytes);
        expect(plan.basis.limitBytes + plan.basis.osBytes).toBeLessThanOrEqual(facts.memoryBytes);
        expect(
          plan.lines.every((line) => line.bytes >= 0 && line.bytes === line.count * line.bytesEach),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('gives processes no more than the lines say', () => {
    fc.assert(
      fc.property(anyFacts, anyWishes, (facts, wishes) => {
        const plan = allocate(facts, wishes);
        if (!plan.fits) return;
        const { oldSpaceMb, semiSpaceMb, budgetBytes } = plan.perWorker;
        const lineOf = (code: string) => plan.lines.find((line) => line.code === code)?.bytesEach ?? 0;
        expect((oldSpaceMb + 3 * semiSpaceMb) * MiB).toBe(lineOf('HEAP'));
        expect(oldSpaceMb).toBeGreaterThanOrEqual(wishes.oldSpaceMb ?? 96);
        expect(plan.keeperBytes + plan.workers * budgetBytes).toBeLessThanOrEqual(plan.basis.limitBytes);
        // A body takes three forms at its worst, a request 16 KiB.
        expect((plan.server?.bodyMemoryBytes ?? 0) * 3).toBeLessThanOrEqual(lineOf('BODIES'));
        expect((plan.server?.maxConcurrent ?? 0) * 16 * KiB).toBeLessThanOrEqual(lineOf('REQUESTS'));
        // What was told is given as told.
        const { bodyLimitBytes: _, ...told } = wishes.server ?? { bodyLimitBytes: 0 };
        expect(plan.server ?? {}).toMatchObject(told);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for the same input', () => {
    fc.assert(
      fc.property(anyFacts, anyWishes, (facts, wishes) => {
        expect(allocate(facts, wishes)).toEqual(allocate(structuredClone(facts), structuredClone(wishes)));
      }),
    );
  });

  it('gives a worker no less of anything when there is more memory', () => {
    fc.assert(
      fc.property(
        anyFacts,
        anyWishes.filter(({ workers }) => workers !== undefined),
        fc.integer({ min: 1, max: 2 * GiB }),
        (facts, { memoryBytes, ...wishes }, more) => {
          const plan = allocate(facts, wishes);
          if (!plan.fits) return;
          const richer = planned({ ...facts, memoryBytes: facts.memoryBytes + more }, wishes);
          for (const line of plan.lines.filter(({ code }) => code !== 'FREE')) {
            const richerLine = richer.lines.find(({ code }) => code === line.code);
            expect(richerLine?.bytesEach).toBeGreaterThanOrEqual(line.bytesEach);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives away no more than there is a byte above the least budget', () => {
    // 255 MiB at the least, and 15 % of 300 is a whole number: the reserve of one byte more is not.
    const wishes = { server: { ...server, cacheBytes: 19 * MiB }, workers: 1 };
    expect(allocate(smallBox, { ...wishes, memoryBytes: 300 * MiB - 1 }).fits).toBe(false);
    for (const memoryBytes of [300 * MiB, 300 * MiB + 1]) {
      expect(planned(smallBox, { ...wishes, memoryBytes }).lines.every(({ bytes }) => bytes >= 0)).toBe(true);
    }
  });

  it('runs two workers in 512 MiB with the simulator on', () => {
    const plan = planned(smallBox, { server, memoryBytes: 512 * MiB, simulator: true });
    expect(plan.workers).toBe(2);
    expect(plan.perWorker).toMatchObject({ semiSpaceMb: 4, oomScoreAdj: 750 });
    expect(sum(plan)).toBe(512 * MiB);
  });

  it('leaves room on a 2 GiB box for the system and for what else runs there', () => {
    const plan = planned(smallBox, { server });
    expect(plan).toMatchObject({ workers: 2, perWorker: { oldSpaceMb: 256, semiSpaceMb: 8 } });
    expect(plan.basis).toMatchObject({ osBytes: 180 * MiB, limitBytes: 1780 * MiB });
  });

  it('takes at most 2 GiB of a large box unless told', () => {
    const large: BoxFacts = { memoryBytes: 64 * GiB, bound: 'box', cores: 16 };
    expect(planned(large, { server })).toMatchObject({ workers: 4, basis: { limitBytes: 2 * GiB } });
    expect(planned(large, { server, memoryBytes: 8 * GiB }).basis.limitBytes).toBe(8 * GiB);
  });

  it('sets nothing aside for the system inside a cgroup', () => {
    const container: BoxFacts = { memoryBytes: 512 * MiB, bound: 'cgroup-v2', cores: 2 };
    expect(planned(container, { server }).basis).toMatchObject({ osBytes: 0, limitBytes: 512 * MiB });
  });

  it('drops workers that nobody asked for before it refuses', () => {
    const tiny: BoxFacts = { memoryBytes: 320 * MiB, bound: 'cgroup-v2', cores: 2 };
    expect(planned(tiny, { server }).workers).toBe(1);
    expect(allocate(tiny, { server, workers: 2 }).fits).toBe(false);
  });

  it('counts what the user sets by hand, and takes it from the rest', () => {
    const plan = planned(smallBox, { server: { ...server, cacheBytes: 300 * MiB }, memoryBytes: 1200 * MiB });
    expect(plan.lines).toContainEqual(expect.objectContaining({ code: 'CACHE', bytes: 600 * MiB }));
    expect(allocate(smallBox, { server: { ...server, cacheBytes: GiB }, workers: 2 }).fits).toBe(false);
  });

  it('gives each worker the heap that was told, however small, and counts it', () => {
    for (const oldSpaceMb of [32, 200, 1_500]) {
      const plan = planned(
        { ...smallBox, memoryBytes: 8 * GiB },
        { oldSpaceMb, workers: 2, memoryBytes: 5 * GiB },
      );
      const { oldSpaceMb: given, semiSpaceMb } = plan.perWorker;
      expect(given).toBe(oldSpaceMb);
      const heap = 2 * (oldSpaceMb + 3 * semiSpaceMb) * MiB;
      expect(plan.lines).toContainEqual(expect.objectContaining({ code: 'HEAP', bytes: heap }));
      expect(plan.spareFits).toBe(true);
    }
    expect(allocate(smallBox, { oldSpaceMb: 1_500, workers: 2 }).fits).toBe(false);
  });

  it('says whether a replacement fits beside what runs', () => {
    expect(planned(smallBox, { server }).spareFits).toBe(true);
    expect(planned(smallBox, { server, memoryBytes: 512 * MiB }).spareFits).toBe(false);
  });

  it('has room for many requests on every box, and for a few of the largest bodies', () => {
    fc.assert(
      fc.property(anyFacts, anyWishes, (facts, { memoryBytes, workers }) => {
        for (const bodyLimitBytes of [KiB, MiB, 16 * MiB]) {
          const plan = allocate(facts, { memoryBytes, workers, server: { bodyLimitBytes } });
          if (!plan.fits) continue;
          expect(plan.server?.maxConcurrent).toBeGreaterThanOrEqual(256);
          expect(plan.server?.bodyMemoryBytes).toBeGreaterThanOrEqual(4 * bodyLimitBytes);
        }
      }),
    );
  });

  it('takes the memory of larger bodies from the rest', () => {
    const small = planned(smallBox, { server, memoryBytes: 800 * MiB });
    const large = planned(smallBox, { memoryBytes: 800 * MiB, server: { bodyLimitBytes: 8 * MiB } });
    expect(large.server?.bodyMemoryBytes).toBeGreaterThanOrEqual(32 * MiB);
    expect(large.perWorker.oldSpaceMb).toBeLessThan(small.perWorker.oldSpaceMb);
    expect(large.server?.maxConcurrent).toBeGreaterThanOrEqual(256);
  });
});

describe('a plan that does not fit', () => {
  it('adds up to what it needs, which is more than there is', () => {
    fc.assert(
      fc.property(anyFacts, anyWishes, (facts, wishes) => {
        const plan = allocate(facts, wishes);
        if (plan.fits) return;
        expect(sum(plan)).toBe(plan.neededBytes);
        expect(plan.neededBytes).toBeGreaterThan(plan.availableBytes);
        expect(plan.changes.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('names changes of which each one alone makes it fit', () => {
    fc.assert(
      fc.property(anyFacts, anyWishes, (facts, wishes) => {
        const plan = allocate(facts, wishes);
        if (plan.fits) return;
        for (const change of plan.changes) {
          if (change.code === 'FEWER_WORKERS') planned(facts, { ...wishes, workers: change.workers });
          else if (change.code === 'SET_MEMORY')
            planned(facts, { ...wishes, memoryBytes: change.memoryBytes });
          else {
            const told = change.toldBytes ?? wishes.memoryBytes;
            planned({ ...facts, memoryBytes: change.memoryBytes }, { ...wishes, memoryBytes: told });
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('offers fewer workers where that is enough', () => {
    const plan = refused(smallBox, { server, memoryBytes: 512 * MiB, workers: 3 });
    expect(plan.changes[0]).toEqual({ code: 'FEWER_WORKERS', workers: 2 });
  });

  it('refuses a budget larger than the box, with the system in the sum', () => {
    const plan = refused(smallBox, { server, memoryBytes: 2 * GiB });
    expect(plan.lines.map(({ code }) => code)).toEqual(['OPERATING_SYSTEM', 'TOLD_BUDGET']);
    expect(plan.changes).toContainEqual({ code: 'SET_MEMORY', memoryBytes: 1780 * MiB });
  });
});

it('refuses wishes that are not possible ones', () => {
  for (const wishes of [
    { workers: 0 },
    { workers: 1.5 },
    { workers: 65 },
    { memoryBytes: Number.NaN },
    { oldSpaceMb: 0 },
  ]) {
    expect(() => allocate(smallBox, wishes)).toThrow(RangeError);
  }
});
