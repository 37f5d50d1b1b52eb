import { type Bytes, MiB } from '@maque/kit';
import { allocate, mostUntoldWorkers } from '../../allocate.ts';
import { leastBudgetBytes, mostUsefulBudgetBytes } from '../../least-plan.ts';
import type { PlanWishes } from '../../wishes.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { wholeMiB } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { MaqueRequest } from '../service-request.ts';

/** What a server of ours takes of one request unless told. */
const UNTOLD_BODY_LIMIT: Bytes = MiB;

/** What `maque start` would be told; its own sum is worked out by the same function. */
export function wishesOf({ workers, server }: MaqueRequest): PlanWishes {
  return { workers, server: server ?? { bodyLimitBytes: UNTOLD_BODY_LIMIT } };
}

/** The least budget that the wishes of this request run in. */
export function leastMaqueBytes(request: MaqueRequest): Bytes {
  return leastBudgetBytes(wishesOf(request), request.workers ?? 1);
}

/** Our own backend: the keeper and its workers, with the sum that they were started with. */
export const maque: ServiceModel<'maque'> = {
  kind: 'maque',
  boundBySettings: true,
  reducible: [
    'workers',
    'memoryBytes',
    'server.cacheBytes',
    'server.bodyMemoryBytes',
    'server.bodyLimitBytes',
  ],
  demand(request, { box }) {
    const most = request.workers ?? mostUntoldWorkers(box.cores);
    return {
      floorBytes: request.memoryBytes ?? leastMaqueBytes(request),
      ceilingBytes: request.memoryBytes ?? mostUsefulBudgetBytes(wishesOf(request), most),
      weight: 50,
    };
  },
  share(request, offeredBytes, { box }) {
    const memoryBytes = request.memoryBytes ?? wholeMiB(offeredBytes);
    const facts = { memoryBytes, bound: 'cgroup-v2', cores: box.cores } as const;
    const budget = allocate(facts, { ...wishesOf(request), memoryBytes });
    if (!budget.fits) throw new RangeError(`${request.name} was offered less than its floor`);
    return {
      planned: { kind: 'maque', request, budget, ...limitsFor(memoryBytes, OOM_SCORE.app) },
      lines: budget.lines.map((line) => ({ ...line, service: request.name, errorBytes: 0 })),
    };
  },
};
