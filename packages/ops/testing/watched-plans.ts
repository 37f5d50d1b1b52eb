import { GiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import type { BoxPlan } from '../src/plan/box/box-plan.ts';
import type { PlanRequest } from '../src/plan/box/box-request.ts';
import { planBox } from '../src/plan/box/plan-box.ts';
import type { ServiceRequest, WatcherRequest } from '../src/plan/box/service-request.ts';
import { boxes, loads, serviceRequests, shopRequest } from './plan-requests.ts';

const watcher = (program: WatcherRequest['program']): WatcherRequest => ({
  kind: 'watcher',
  name: program.replaceAll('_', '-'),
  program,
});
const WATCHERS = [watcher('node_exporter'), watcher('alertmanager'), watcher('prometheus')];
const EXPORTERS: readonly ServiceRequest[] = ['mysqld-exporter', 'redis-exporter', 'nginx-exporter'].map(
  (name) => ({ kind: 'agent', name, bytes: 15 * MiB }),
);

/** A shop with all that can be watched on its box, so that every rule and every panel has something to look at. */
export function watchedShop(): BoxPlan {
  const request = shopRequest();
  return fitting({
    ...request,
    box: { ...request.box, memoryBytes: 4 * GiB, swapBytes: 2 * GiB },
    services: [...request.services, ...WATCHERS, ...EXPORTERS],
  });
}

/** Plans in which something is to be watched, by any of the watchers and by none. */
export function watchedPlans(): fc.Arbitrary<BoxPlan> {
  return fc
    .record({
      box: boxes(),
      load: loads(),
      own: fc.constantFrom<ServiceRequest>(
        { kind: 'maque', name: 'shop' },
        { kind: 'maque', name: 'shop', workers: 1 },
        { kind: 'node', name: 'api', keptBy: 'keeper', workers: 2 },
        watcher('node_exporter'),
      ),
      watchers: fc.subarray([...WATCHERS, ...EXPORTERS]),
      others: fc.array(serviceRequests(), { maxLength: 3 }),
    })
    .map(({ box, load, own, watchers, others }) =>
      fitting({ box, load, services: uniquelyNamed([own, ...watchers, ...others]) }),
    );
}

/** What does not fit is given up, the last first. */
function fitting(request: PlanRequest): BoxPlan {
  for (let count = request.services.length; count > 0; count -= 1) {
    const plan = planBox({ ...request, services: request.services.slice(0, count) });
    if (plan.fits) return plan;
  }
  throw new Error('the first service alone does not fit');
}

function uniquelyNamed(services: readonly ServiceRequest[]): readonly ServiceRequest[] {
  const seen = new Set<string>();
  return services.map((service) => {
    let name = service.name;
    for (let number = 2; seen.has(name); number += 1) name = `${service.name}-${number}`;
    seen.add(name);
    return { ...service, name };
  });
}
