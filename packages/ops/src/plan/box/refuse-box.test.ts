import { GiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, shopRequest, smallBox } from '../../../testing/plan-requests.ts';
import type { BoxChange, BoxMisfit } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { checkRequest } from './check-request.ts';
import { leastUse } from './demands.ts';
import { planBox } from './plan-box.ts';
import type { MaqueRequest, ServiceRequest } from './service-request.ts';

/** Requests of which most do not fit. */
const largeRequests = planRequests().map((request) => ({
  ...request,
  box: { ...request.box, memoryBytes: Math.floor(request.box.memoryBytes / 4) },
}));

function refused(request: PlanRequest): BoxMisfit {
  const plan = planBox(request);
  if (plan.fits) throw new Error('it fits');
  return plan;
}

function without(name: string, request: PlanRequest): PlanRequest {
  return { ...request, services: request.services.filter((service) => service.name !== name) };
}

function changed(request: PlanRequest, change: BoxChange): PlanRequest {
  switch (change.code) {
    case 'MOVE_OUT':
      return without(change.service, request);
    case 'MOVE_OUT_SEVERAL':
      return change.services.reduce((rest, name) => without(name, rest), request);
    case 'ASK_MORE':
      return {
        ...request,
        services: request.services.map((service) =>
          service.name === change.service && service.kind === 'maque'
            ? { ...service, memoryBytes: change.least }
            : service,
        ),
      };
    case 'BIGGER_BOX':
      return { ...request, box: { ...request.box, memoryBytes: change.memoryBytes } };
    case 'ASK_LESS': {
      const [key = '', inner] = change.what.split('.');
      const less = (service: ServiceRequest) => ({
        ...service,
        [key]: inner === undefined ? change.most : { ...Reflect.get(service, key), [inner]: change.most },
      });
      return {
        ...request,
        services: request.services.map((service) =>
          service.name === change.service ? (less(service) as ServiceRequest) : service,
        ),
      };
    }
  }
}

it('shows the whole sum, which is more than there is', () => {
  fc.assert(
    fc.property(largeRequests, (request) => {
      const plan = planBox(request);
      if (plan.fits) return;
      expect(plan.lines.reduce((total, { bytes }) => total + bytes, 0)).toBe(plan.neededBytes);
      expect(plan.neededBytes).toBeGreaterThan(plan.availableBytes);
      expect(plan.lines.every(({ bytes }) => Number.isInteger(bytes) && bytes >= 0)).toBe(true);
      expect(new Set(plan.lines.flatMap(({ service }) => service ?? []))).toEqual(
        new Set(request.services.map(({ name }) => name)),
      );
    }),
    { numRuns: 300 },
  );
});

it('names changes of which each one alone makes it fit', () => {
  fc.assert(
    fc.property(largeRequests, (request) => {
      const plan = planBox(request);
      if (plan.fits) return;
      for (const change of plan.changes) {
        const after = changed(request, change);
        expect(checkRequest(after)).toEqual([]);
        expect(planBox(after).fits).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it('names the smallest service whose going is enough', () => {
  fc.assert(
    fc.property(largeRequests, (request) => {
      const plan = planBox(request);
      if (plan.fits) return;
      const named = plan.changes.find((change) => change.code === 'MOVE_OUT');
      // To leave a box with nothing on it is no advice.
      const isOnly = request.services.length === 1;
      const enough = (isOnly ? [] : request.services).filter(
        ({ name }) => planBox(without(name, request)).fits,
      );
      const needs = (name: string) => leastUse(request) - leastUse(without(name, request));
      expect(named?.freesBytes).toBe(
        enough.length === 0 ? undefined : Math.min(...enough.map(({ name }) => needs(name))),
      );
      if (named !== undefined) expect(needs(named.service)).toBe(named.freesBytes);
    }),
    { numRuns: 300 },
  );
});

it('asks for a box that is not a MiB too large', () => {
  fc.assert(
    fc.property(largeRequests, (request) => {
      const plan = planBox(request);
      if (plan.fits) return;
      const { box } = request;
      const bigger = plan.changes.find((change) => change.code === 'BIGGER_BOX');
      const smaller = { ...request, box: { ...box, memoryBytes: (bigger?.memoryBytes ?? 0) - MiB } };
      expect(planBox(smaller).fits).toBe(false);
    }),
    { numRuns: 200 },
  );
});

it('says how much less to ask for where less is enough', () => {
  const shop = shopRequest();
  const request: PlanRequest = {
    ...shop,
    services: shop.services.map((service) =>
      service.kind === 'mariadb' ? { ...service, poolBytes: GiB } : service,
    ),
  };
  const { changes } = refused(request);
  expect(changes.map(({ code }) => code)).toEqual(['ASK_LESS', 'ASK_LESS', 'MOVE_OUT', 'BIGGER_BOX']);
  expect(changes[0]).toMatchObject({ service: 'shop', what: 'workers' });
  expect(changes[1]).toMatchObject({ service: 'mariadb', what: 'poolBytes' });
});

const smallAndLarge: ServiceRequest[] = [
  { kind: 'nginx', name: 'nginx' },
  { kind: 'agent', name: 'panel', bytes: GiB },
  { kind: 'agent', name: 'scanner', bytes: 1_200 * MiB },
];

it('does not name a service of which the going would not be enough', () => {
  const plan = refused({ box: smallBox, services: smallAndLarge, load: { program: 'tool' } });
  expect(plan.changes[0]).toEqual({ code: 'MOVE_OUT', service: 'panel', freesBytes: GiB });
});

it('names as few as do it, where no single one is enough', () => {
  const box = { ...smallBox, memoryBytes: GiB };
  const plan = refused({ box, services: smallAndLarge, load: { program: 'tool' } });
  expect(plan.changes[0]).toMatchObject({ code: 'MOVE_OUT_SEVERAL', services: ['panel', 'scanner'] });
});

describe('a budget that was told and is too small for its own workers', () => {
  const within = (memoryBytes: number, more: Partial<MaqueRequest> = {}, box = shopRequest().box) =>
    refused({
      ...shopRequest(),
      box,
      services: [
        { kind: 'nginx', name: 'nginx' },
        { kind: 'maque', name: 'shop', memoryBytes, ...more },
      ],
    });

  it('is refused with its own sum, and with each change that is enough', () => {
    const plan = within(200 * MiB, { workers: 4 });
    expect(plan).toMatchObject({ within: 'shop', availableBytes: 200 * MiB });
    expect(plan.lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(plan.neededBytes);
    expect(plan.lines.every(({ service }) => service === 'shop')).toBe(true);
    expect(plan.changes).toEqual([
      { code: 'ASK_MORE', service: 'shop', what: 'memoryBytes', least: plan.neededBytes },
    ]);
    const fewer = within(400 * MiB, { workers: 4 });
    expect(fewer.changes[1]).toEqual({ code: 'ASK_LESS', service: 'shop', what: 'workers', most: 1 });
  });

  it('fits with each of the changes, whatever was told', () => {
    const budgets = fc.integer({ min: 16 * MiB, max: GiB });
    fc.assert(
      fc.property(largeRequests, budgets, (request, memoryBytes) => {
        const services = request.services.map((service) =>
          service.kind === 'maque' ? { ...service, memoryBytes } : service,
        );
        const told = { ...request, services };
        const plan = planBox(told);
        if (plan.fits) return;
        for (const change of plan.changes) expect(planBox(changed(told, change)).fits).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('offers no change where the box is too small as well', () => {
    const box = { ...shopRequest().box, memoryBytes: 300 * MiB };
    expect(within(100 * MiB, {}, box).changes).toEqual([]);
  });
});

it('does not tell to move out the only service', () => {
  const only = {
    box: { ...smallBox, memoryBytes: 300 * MiB },
    services: [{ kind: 'maque', name: 'shop' }] as const,
  };
  expect(refused({ ...only, load: { program: 'tool' } }).changes.map(({ code }) => code)).toEqual([
    'BIGGER_BOX',
  ]);
});
