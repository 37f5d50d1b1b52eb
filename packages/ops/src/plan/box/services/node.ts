import { type Bytes, MiB } from '@maque/kit';
import { externalBuffers } from '../../components/external-buffers.ts';
import { programPages } from '../../components/program-pages.ts';
import { sockets } from '../../components/sockets.ts';
import { anyWorkerBase } from '../../components/worker-base.ts';
import { type HeapFlags, heapFlags, heapMb, workerHeap } from '../../components/worker-heap.ts';
import { poolOf, untoldWorkers } from '../apps-around.ts';
import type { PlanRequest } from '../box-request.ts';
import { budgetOfTree, demandOfTree, type KeptTree, linesOfTree } from '../kept-tree.ts';
import { demandOf, type Layout, layOut } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import type { Part } from '../part.ts';
import type { PlannedOf } from '../planned-service.ts';
import type { ServiceModel } from '../service-model.ts';
import type { NodeRequest } from '../service-request.ts';
import { pm2Daemon } from './watcher.ts';

// An unknown program may keep everything in its heap.
const MOST_OLD_SPACE_MB = 1024;
// Between what a healthy worker holds and what the kernel kills at; PM2 looks every 30 s only.
const RESTART_ABOVE_HEAP_MB = 60;

/** Any Node program. What our keeper keeps gets the sum that `maque run` makes; others are held by flags alone. */
export const node: ServiceModel<'node'> = {
  kind: 'node',
  boundBySettings: true,
  reducible: ['workers', 'oldSpaceMb'],
  demand: (request, { plan }) =>
    isKeptByKeeper(request) ? demandOfTree(treeOf(request, plan)) : demandOf(layoutOf(request, plan), 50),
  share(request, offeredBytes, { plan }) {
    if (isKeptByKeeper(request)) {
      const tree = treeOf(request, plan);
      const budget = budgetOfTree(tree, offeredBytes);
      const { workers, perWorker, basis } = budget;
      const planned = plannedNode(request, workers, perWorker, basis.limitBytes);
      return { planned, lines: linesOfTree(tree, budget) };
    }
    const laidOut = layOut(request.name, layoutOf(request, plan), offeredBytes);
    const flags = heapFlags(laidOut.of('HEAP'), request.oldSpaceMb);
    const planned = plannedNode(request, laidOut.processes, flags, laidOut.budgetBytes);
    return { planned, lines: laidOut.lines };
  },
};

/** Ours is the one that keeps it where nobody says another. */
export function isKeptByKeeper({ keptBy }: NodeRequest): boolean {
  return keptBy === undefined || keptBy === 'keeper';
}

function plannedNode(
  request: NodeRequest,
  workers: number,
  { oldSpaceMb, semiSpaceMb }: HeapFlags,
  budgetBytes: Bytes,
): PlannedOf<'node'> {
  return {
    kind: 'node',
    request,
    workers,
    oldSpaceMb,
    semiSpaceMb,
    restartBytes: (heapMb(oldSpaceMb) + RESTART_ABOVE_HEAP_MB) * MiB,
    poolSize: poolOf(request),
    ...limitsFor(budgetBytes, OOM_SCORE.app),
  };
}

function treeOf({ name, workers, oldSpaceMb }: NodeRequest, plan: PlanRequest): KeptTree {
  const wishes = { workers, oldSpaceMb };
  return { name, wishes, mostUntoldWorkers: untoldWorkers(plan), cores: plan.box.cores };
}

function layoutOf(request: NodeRequest, plan: PlanRequest): Layout {
  const heap = workerHeap(MOST_OLD_SPACE_MB, request.oldSpaceMb);
  return {
    once: [kept(programPages()), ...keptBy(request, plan)],
    each: [kept(heap), kept(anyWorkerBase()), kept(externalBuffers()), kept(sockets())],
    fewest: request.workers ?? 1,
    most: request.workers ?? untoldWorkers(plan),
  };
}

/** One PM2 keeps all programs of a user, so it is counted with the first of them, or where it has its own place. */
function keptBy(request: NodeRequest, { services }: PlanRequest): readonly Part[] {
  if (request.keptBy !== 'pm2') return [];
  const first = services.find((service) => service.kind === 'node' && service.keptBy === 'pm2');
  const apart = services.some((service) => service.kind === 'watcher' && service.program === 'pm2');
  return apart || first?.name !== request.name ? [] : [pm2Daemon()];
}

/** A flag of V8 holds it, or it was not exceeded in 56 runs: nothing above is expected. */
function kept(component: Omit<Part, 'errorBytes'>): Part {
  return { ...component, errorBytes: 0 };
}
