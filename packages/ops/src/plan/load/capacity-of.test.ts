import { GiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import type { BoxPlan } from '../box/box-plan.ts';
import type { PlanRequest } from '../box/box-request.ts';
import { planBox } from '../box/plan-box.ts';
import { RESOURCES } from './capacity.ts';
import { capacityOf } from './capacity-of.ts';
import { demandOf } from './demand-of.ts';

function plan(change: (request: PlanRequest) => PlanRequest = (request) => request): BoxPlan {
  const planned = planBox(change(shopRequest()));
  if (!planned.fits) throw new Error('does not fit');
  return planned;
}

function carried(change?: (request: PlanRequest) => PlanRequest) {
  const planned = plan(change);
  return capacityOf(planned, demandOf(planned.request));
}

/** A box that only its CPU bounds. */
const wired = (request: PlanRequest): PlanRequest => ({
  ...request,
  box: { ...request.box, bandwidthBitsPerSecond: 1e9, diskBytes: undefined },
});

describe('what runs out first', () => {
  it('is the cheap line, when the box serves its own pictures', () => {
    const { first, dau, qps } = carried();
    expect(first).toBe('bandwidth');
    // 4 Mbit/s, a fifth for TCP and TLS, 2 KiB of JSON and 12 KiB of pictures a request.
    expect(qps).toBeCloseTo((4e6 * 0.8) / 8 / (14 * 1024), 6);
    expect(dau).toBe(4_185);
  });

  it('is the CPU behind a wide line', () => {
    const { first, qps, saturatedQps, cpuMicrosPerRequest } = carried(wired);
    expect(first).toBe('cpu');
    expect(qps).toBeCloseTo((0.7 * 2e6) / cpuMicrosPerRequest, 6);
    expect(saturatedQps).toBeCloseTo(qps / 0.7, 6);
  });

  it('is memory, when sockets are what is asked for', () => {
    const { first, sockets, dau } = carried((request) => ({
      ...wired(request),
      load: { program: 'live', dau: 2_000 },
    }));
    expect(first).toBe('memory');
    expect(dau).toBe(Math.floor(sockets / 0.35));
  });

  it('is the disk, when uploads fill it', () => {
    const { first, diskDays } = carried((request) => ({
      ...request,
      box: { ...request.box, bandwidthBitsPerSecond: 1e9, diskBytes: 10 * GiB },
      load: { program: 'community', dau: 1_000 },
    }));
    expect(first).toBe('disk');
    expect(diskDays).toBeCloseTo((10 * GiB) / (1_000 * 6 * 1024 + 300 * 300 * 1024), 1);
  });

  it('is the few workers of an app with one request in each hand', () => {
    const { first, qpsByResource } = carried((request) => ({
      ...wired(request),
      services: [{ kind: 'python', name: 'api', server: 'gunicorn', workers: 2 }],
    }));
    expect(first).toBe('memory');
    expect(qpsByResource.memory).toBeCloseTo(2 / 0.05, 6);
  });
});

describe('CPU', () => {
  it('counts one thread for one worker, whatever other cores do', () => {
    const one = carried((request) => ({
      ...wired(request),
      box: { ...wired(request).box, cores: 8 },
      services: [{ kind: 'node', name: 'api', workers: 1 }],
    }));
    expect(one.saturatedQps).toBeCloseTo(1e6 / (209 * 2), 6);
    expect(one.formulas.cpu).toBe('0.7 × 1 × 10⁶ ÷ (api 418 µs)');
  });

  it('takes what was measured on the box as it is', () => {
    const { cpuMicrosPerRequest } = carried((request) => ({
      ...wired(request),
      calibration: {
        measuredAt: '2026-01-01T00:00:00Z',
        cpuMicrosPerRequest: 300,
        proxyCpuMicrosPerRequest: 100,
        databaseCpuMicrosPerRequest: 200,
      },
    }));
    const { cpuMicrosPerRequest: all } = carried((request) => ({
      ...wired(request),
      calibration: { measuredAt: '2026-01-01T00:00:00Z', redisCpuMicrosPerRequest: 5 },
    }));
    expect(carried(wired).cpuMicrosPerRequest - all).toBe(2 * 10 - 5);
    // Redis was not measured: 10 µs on the reference machine, twice that on a cheap core.
    expect(cpuMicrosPerRequest).toBe(300 + 100 + 200 + 20);
  });

  it('is freed of the database that runs elsewhere', () => {
    const away = carried((request) => ({
      ...wired(request),
      elsewhere: ['database'],
      services: request.services.filter(({ kind }) => kind !== 'mariadb'),
    }));
    expect(carried(wired).cpuMicrosPerRequest - away.cpuMicrosPerRequest).toBe(2 * 76);
  });
});

it('is what the scarcest carries, in possible numbers, for any plan', () => {
  fc.assert(
    fc.property(fittingPlans(), (planned) => {
      const demand = demandOf(planned.request);
      const capacity = capacityOf(planned, demand);
      expect(capacity.dau).toBe(Math.min(...RESOURCES.map((each) => capacity.dauByResource[each])));
      expect(capacity.dauByResource[capacity.first]).toBe(capacity.dau);
      expect(capacity.saturatedQps).toBeGreaterThanOrEqual(capacity.qps);
      for (const value of [capacity.qps, capacity.dau, capacity.sockets, capacity.diskDays])
        expect(value).toBeGreaterThanOrEqual(0);
      expect(Object.values(capacity.formulas).join()).not.toMatch(/NaN|undefined|Infinity/);
    }),
    { numRuns: 200 },
  );
});
