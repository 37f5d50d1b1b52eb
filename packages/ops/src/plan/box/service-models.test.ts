import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests } from '../../../testing/plan-requests.ts';
import { demandOn, shareOf } from './demands.ts';
import { serviceModels } from './service-list.ts';
import { SERVICE_KINDS } from './service-request.ts';

const kinds = SERVICE_KINDS.map((kind) => ({ kind }));

describe.each(kinds)('$kind', ({ kind }) => {
  /** A plan with such a service in it, and the service. */
  const some = planRequests()
    .map((plan) => ({ plan, service: plan.services.find((service) => service.kind === kind) }))
    .filter(({ service }) => service !== undefined);

  it('takes at least its floor and never more than it is offered, the more the more it is offered', () => {
    fc.assert(
      fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(64 * MiB), (found, part, more) => {
        if (found.service === undefined) return;
        const { service, plan } = found;
        const { floorBytes, ceilingBytes } = demandOn(service, plan);
        expect(floorBytes).toBeLessThanOrEqual(ceilingBytes);
        const offered = floorBytes + part * (ceilingBytes - floorBytes);
        const { planned, lines } = shareOf(service, offered, plan);
        expect(planned.budgetBytes).toBeGreaterThanOrEqual(floorBytes);
        expect(planned.budgetBytes).toBeLessThanOrEqual(offered);
        expect(lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(planned.budgetBytes);
        const richer = shareOf(service, Math.min(ceilingBytes, offered + more), plan).planned;
        expect(richer.budgetBytes).toBeGreaterThanOrEqual(planned.budgetBytes);
      }),
      { numRuns: 60 },
    );
  });

  it('says of each line where it comes from, in both languages, and how far off it may be', () => {
    fc.assert(
      fc.property(some, ({ plan, service }) => {
        if (service === undefined) return;
        const { lines } = shareOf(service, demandOn(service, plan).floorBytes, plan);
        for (const { name, source, errorBytes } of lines) {
          expect([name.en, name.zh, source.en, source.zh].every((text) => text.length > 0)).toBe(true);
          expect(errorBytes).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 30 },
    );
  });
});

it('stands under its own kind', () => {
  for (const kind of SERVICE_KINDS) expect(serviceModels[kind].kind).toBe(kind);
});
