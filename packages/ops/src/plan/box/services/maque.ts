import { type Bytes, MiB } from '@maque/kit';
import { mostUntoldWorkers } from '../../allocate.ts';
import type { PlanWishes } from '../../wishes.ts';
import type { BoxRequest } from '../box-request.ts';
import { budgetOfTree, demandOfTree, type KeptTree, leastTreeBytes, linesOfTree } from '../kept-tree.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import type { ServiceModel } from '../service-model.ts';
import type { MaqueRequest } from '../service-request.ts';

/** What a server of ours takes of one request unless told. */
const UNTOLD_BODY_LIMIT: Bytes = MiB;

/** What `maque start` would be told. */
export function wishesOf({ workers, memoryBytes, oldSpaceMb, server }: MaqueRequest): PlanWishes {
  return { workers, memoryBytes, oldSpaceMb, server: server ?? { bodyLimitBytes: UNTOLD_BODY_LIMIT } };
}

/** The least budget that the wishes of this request run in. */
export function leastMaqueBytes(request: MaqueRequest): Bytes {
  return leastTreeBytes(wishesOf(request));
}

/** Our own backend: the keeper and its workers, with the sum that they were started with. */
export const maque: ServiceModel<'maque'> = {
  kind: 'maque',
  boundBySettings: true,
  reducible: [
    'workers',
    'memoryBytes',
    'oldSpaceMb',
    'server.cacheBytes',
    'server.bodyMemoryBytes',
    'server.bodyLimitBytes',
  ],
  demand: (request, { box }) => demandOfTree(treeOf(request, box)),
  share(request, offeredBytes, { box }) {
    const tree = treeOf(request, box);
    const budget = budgetOfTree(tree, offeredBytes);
    return {
      planned: { kind: 'maque', request, budget, ...limitsFor(budget.basis.limitBytes, OOM_SCORE.app) },
      lines: linesOfTree(tree, budget),
    };
  },
};

function treeOf(request: MaqueRequest, { cores }: BoxRequest): KeptTree {
  const { name } = request;
  return { name, wishes: wishesOf(request), mostUntoldWorkers: mostUntoldWorkers(cores), cores };
}
