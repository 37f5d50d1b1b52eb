import { GiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans, shopRequest, smallBox } from '../../../testing/plan-requests.ts';
import type { BoxPlan } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { demandOn } from './demands.ts';
import { planBox } from './plan-box.ts';
import type { PlannedOf } from './planned-service.ts';
import type { ServiceKind, ServiceRequest } from './service-request.ts';

function planned(request: PlanRequest): BoxPlan {
  const plan = planBox(request);
  if (!plan.fits) throw new Error(`needs ${plan.neededBytes}`);
  return plan;
}

function onSmallBox(...services: ServiceRequest[]): BoxPlan {
  return planned({ box: smallBox, services, load: { program: 'tool', dau: 1_000 } });
}

function only<Kind extends ServiceKind>(plan: BoxPlan, kind: Kind): PlannedOf<Kind> {
  const found = plan.services.find((service) => service.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found as PlannedOf<Kind>;
}

describe('any plan', () => {
  it('adds up to the memory of the box to the byte', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        expect(plan.lines.reduce((total, { bytes }) => total + bytes, 0)).toBe(plan.request.box.memoryBytes);
        expect(plan.lines.every(({ bytes }) => Number.isInteger(bytes) && bytes >= 0)).toBe(true);
        for (const line of plan.lines) expect(line.bytes).toBe(line.count * line.bytesEach);
        for (const { request, budgetBytes } of plan.services) {
          const own = plan.lines.filter(({ service }) => service === request.name);
          expect(own.reduce((total, { bytes }) => total + bytes, 0)).toBe(budgetBytes);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives no service less than its least nor more than it makes use of', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        for (const { request, budgetBytes } of plan.services) {
          const { floorBytes, ceilingBytes } = demandOn(request, plan.request);
          expect(budgetBytes).toBeGreaterThanOrEqual(floorBytes);
          expect(budgetBytes).toBeLessThanOrEqual(ceilingBytes);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives no service less when there is more memory', () => {
    fc.assert(
      fc.property(fittingPlans(), fc.integer({ min: 1, max: 2 * GiB }), (plan, more) => {
        const { box } = plan.request;
        const larger = planned({ ...plan.request, box: { ...box, memoryBytes: box.memoryBytes + more } });
        for (const [index, { budgetBytes }] of plan.services.entries()) {
          expect(larger.services[index]?.budgetBytes).toBeGreaterThanOrEqual(budgetBytes);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives what was told as it was told', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        for (const service of plan.services) {
          const given: Record<string, unknown> = { ...service };
          if (service.kind === 'maque') {
            const { workers, perWorker } = service.budget;
            Object.assign(given, { workers, oldSpaceMb: perWorker.oldSpaceMb });
          }
          for (const [key, told] of Object.entries(service.request)) {
            if (key === 'busyConnections' || !(key in given) || told === undefined) continue;
            // Pools are whole MiB.
            const expected = key === 'poolBytes' ? Math.ceil(Number(told) / MiB) * MiB : told;
            expect([key, given[key]]).toEqual([key, expected]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the limits of all units inside the box', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        const limits = plan.services.reduce((sum, { memoryMaxBytes }) => sum + memoryMaxBytes, 0);
        const system = plan.lines.find(({ code }) => code === 'OPERATING_SYSTEM')?.bytes ?? 0;
        expect(limits + system).toBeLessThanOrEqual(plan.request.box.memoryBytes);
        for (const { budgetBytes, memoryHighBytes, memoryMaxBytes } of plan.services) {
          expect(memoryMaxBytes).toBeGreaterThanOrEqual(budgetBytes * 1.05);
          expect(memoryHighBytes).toBeGreaterThanOrEqual(budgetBytes);
          expect(memoryHighBytes).toBeLessThan(memoryMaxBytes);
          expect(memoryHighBytes).toBeGreaterThanOrEqual(memoryMaxBytes * 0.8);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for the same request', () => {
    fc.assert(
      fc.property(fittingPlans(), ({ request }) => {
        expect(planBox(structuredClone(request))).toEqual(planBox(request));
      }),
    );
  });
});

describe('the usual shop', () => {
  const plan = planned(shopRequest());

  it('has two workers, and 15 % of the box for the database', () => {
    expect(only(plan, 'maque').budget).toMatchObject({ workers: 2, fits: true });
    expect(only(plan, 'mariadb').poolBytes).toBe(Math.floor((smallBox.memoryBytes * 0.15) / MiB) * MiB);
  });

  it('keeps 15 % for the page cache, with what Maque keeps back itself at its least', () => {
    const { request } = only(plan, 'maque');
    const { floorBytes, keptBackBytes = 0 } = demandOn(request, plan.request);
    expect(keptBackBytes / floorBytes).toBeCloseTo(0.15, 1);
    expect(plan.reserveBytes).toBe(Math.ceil(smallBox.memoryBytes * 0.15) - keptBackBytes);
  });

  it('fits a box of 512 MiB without its neighbours, as maque start does', () => {
    const alone = { ...shopRequest(), box: { ...smallBox, memoryBytes: 512 * MiB } };
    const small = planned({ ...alone, services: [{ kind: 'maque', name: 'maque' }] });
    expect(only(small, 'maque').budget).toMatchObject({ workers: 1, fits: true });
  });

  it('sends the applications first when memory is out', () => {
    const order = [...plan.services].sort((one, other) => other.oomScoreAdj - one.oomScoreAdj);
    expect(order.map(({ kind }) => kind)).toEqual(['maque', 'nginx', 'redis', 'mariadb']);
  });
});

describe('connections to a database', () => {
  it('are those of all pools and ten', () => {
    const plan = onSmallBox(
      { kind: 'node', name: 'api', workers: 2, poolSize: 6 },
      { kind: 'java', name: 'jobs', framework: 'plain', poolSize: 4 },
      { kind: 'mariadb', name: 'db' },
    );
    expect(only(plan, 'mariadb')).toMatchObject({ connections: 26, busyConnections: 16 });
  });

  it('leave a fifth free where there are many', () => {
    const plan = onSmallBox(
      { kind: 'node', name: 'api', workers: 2, poolSize: 40 },
      { kind: 'mariadb', name: 'db' },
    );
    expect(only(plan, 'mariadb').connections).toBe(100);
  });

  it('do not depend on how many workers memory has room for', () => {
    const services: ServiceRequest[] = [
      { kind: 'node', name: 'api' },
      { kind: 'mariadb', name: 'db' },
    ];
    const connections = [700, 1_000, 4_000].map((memory) => {
      const box = { ...smallBox, cores: 4, memoryBytes: memory * MiB };
      return only(planned({ box, services, load: { program: 'tool' } }), 'mariadb').connections;
    });
    expect(new Set(connections)).toEqual(new Set([25]));
  });
});

describe('workers that nobody asked for', () => {
  const api: ServiceRequest = { kind: 'node', name: 'api' };
  const workersOf = (plan: BoxPlan) => only(plan, 'node').workers;

  it('leave a core to a database on the same box', () => {
    expect(workersOf(onSmallBox(api))).toBe(2);
    expect(workersOf(onSmallBox(api, { kind: 'mariadb', name: 'db' }))).toBe(1);
  });

  it('are fewer before their heap is too small', () => {
    const tight = onSmallBox(api, { kind: 'agent', name: 'panel', bytes: 1_100 * MiB });
    expect(workersOf(tight)).toBe(1);
    expect(only(tight, 'node').oldSpaceMb).toBeGreaterThanOrEqual(96);
  });

  it('are as many as were told, or the plan is refused', () => {
    const services: ServiceRequest[] = [
      { ...api, workers: 3 },
      { kind: 'agent', name: 'panel', bytes: 1_100 * MiB },
    ];
    expect(planBox({ box: smallBox, services, load: { program: 'tool' } }).fits).toBe(false);
  });
});

describe('a JVM', () => {
  it('is the sum that the published calculators give', () => {
    const plan = onSmallBox({ kind: 'java', name: 'orders', framework: 'spring-boot', heapMb: 300 });
    const { budgetBytes, metaspaceMb, ...java } = only(plan, 'java');
    expect(metaspaceMb).toBe(86);
    expect(java).toMatchObject({
      heapMb: 300,
      codeCacheMb: 64,
      directMb: 10,
      threads: 40,
      threadStackKb: 512,
    });
    expect(budgetBytes).toBe((300 + 86 + 64 + 10 + 20) * MiB);
  });
});

describe('what was measured on the box', () => {
  const services: ServiceRequest[] = [
    { kind: 'watcher', name: 'metrics', program: 'prometheus' },
    { kind: 'mariadb', name: 'db' },
  ];
  const calibration = {
    measuredAt: '2026-06-01T04:00:00Z',
    osBytes: 260 * MiB,
    peakBytes: { metrics: 70 * MiB, db: 90 * MiB },
  };
  const plan = planned({ box: smallBox, services, load: { program: 'tool' }, calibration });

  it('takes the place of what was assumed', () => {
    expect(plan.lines[0]).toMatchObject({ code: 'OPERATING_SYSTEM', bytes: 260 * MiB, errorBytes: 0 });
    expect(only(plan, 'watcher').budgetBytes).toBe(70 * MiB);
    expect(plan.lines).toContainEqual(expect.objectContaining({ code: 'MEASURED', service: 'metrics' }));
  });

  it('does not bound what may grow up to its settings', () => {
    expect(only(plan, 'mariadb').budgetBytes).toBeGreaterThan(90 * MiB);
  });
});

it('counts one PM2 for all programs that it keeps', () => {
  const plan = onSmallBox(
    { kind: 'node', name: 'api', workers: 1, keptBy: 'pm2' },
    { kind: 'node', name: 'jobs', workers: 1, keptBy: 'pm2' },
  );
  expect(plan.lines.filter(({ code }) => code === 'WATCHER')).toHaveLength(1);
});

it('sets nothing aside for the system inside a container', () => {
  const box = { ...smallBox, memoryBytes: 512 * MiB, bound: 'cgroup-v2' } as const;
  const plan = planned({ box, services: [{ kind: 'maque', name: 'shop' }], load: { program: 'tool' } });
  expect(plan.lines.some(({ code }) => code === 'OPERATING_SYSTEM')).toBe(false);
});
