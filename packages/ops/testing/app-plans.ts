import { GiB } from '@maque/kit';
import fc from 'fast-check';
import type { BoxPlan } from '../src/plan/box/box-plan.ts';
import { planBox } from '../src/plan/box/plan-box.ts';
import type { ServiceKind, ServiceRequest } from '../src/plan/box/service-request.ts';
import { boxes, loads, serviceRequests } from './plan-requests.ts';

/** The plan of a box of 8 GiB and 2 cores with these services. */
export function planOf(...services: readonly ServiceRequest[]): BoxPlan {
  const box = { memoryBytes: 8 * GiB, bound: 'box', cores: 2, diskBytes: 40 * GiB } as const;
  const plan = planBox({ box, services, load: { program: 'shop', dau: 5_000 } });
  if (!plan.fits) throw new Error('8 GiB are not enough for the services of a test');
  return plan;
}

/** Plans with at least one service of these kinds. */
export function plansWith(...kinds: readonly ServiceKind[]): fc.Arbitrary<BoxPlan> {
  const wanted = serviceRequests().filter(({ kind }) => kinds.includes(kind));
  return fc
    .tuple(
      boxes(),
      fc.array(wanted, { minLength: 1, maxLength: 2 }),
      fc.array(serviceRequests(), { maxLength: 3 }),
      loads(),
    )
    .map(([box, first, more, load]) => {
      const all = [...first, ...more].map((service, index) => ({
        ...service,
        name: `${service.kind}${index}`,
      }));
      for (let count = all.length; count > 0; count -= 1) {
        const plan = planBox({ box, services: all.slice(0, count), load });
        if (plan.fits) return plan;
      }
      return undefined;
    })
    .filter((plan) => plan !== undefined);
}
