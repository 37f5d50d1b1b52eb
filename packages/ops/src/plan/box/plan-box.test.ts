import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans, planRequests, shopRequest } from '../../../testing/plan-requests.ts';
import type { BoxMisfit, BoxPlan } from './box-plan.ts';
import { demandOn } from './demands.ts';
import { planBox } from './plan-box.ts';

const sum = ({ lines }: BoxPlan | BoxMisfit) => lines.reduce((total, { bytes }) => total + bytes, 0);

describe('a box on which everything fits', () => {
  it('adds up to its memory to the byte', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        expect(sum(plan)).toBe(plan.request.box.memoryBytes);
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
      fc.property(fittingPlans(), fc.integer({ min: 1, max: 2048 * MiB }), (plan, more) => {
        const { box } = plan.request;
        const larger = planBox({ ...plan.request, box: { ...box, memoryBytes: box.memoryBytes + more } });
        if (!larger.fits) throw new Error('a larger box does not fit');
        for (const [index, { budgetBytes }] of plan.services.entries()) {
          expect(larger.services[index]?.budgetBytes).toBeGreaterThanOrEqual(budgetBytes);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a box on which something does not fit', () => {
  it('shows the whole sum', () => {
    fc.assert(
      fc.property(planRequests(), (request) => {
        const plan = planBox(request);
        if (plan.fits) return;
        expect(sum(plan)).toBe(plan.neededBytes);
        expect(plan.neededBytes).toBeGreaterThan(plan.availableBytes);
      }),
      { numRuns: 500 },
    );
  });
});

it('plans the usual shop', () => {
  const plan = planBox(shopRequest());
  expect(plan.fits).toBe(true);
});
