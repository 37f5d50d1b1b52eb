import { type Bytes, MiB } from '@maque/kit';
import { atSize } from '../../component.ts';
import { externalBuffers } from '../../components/external-buffers.ts';
import { keeperProcess } from '../../components/keeper-process.ts';
import { programPages } from '../../components/program-pages.ts';
import { sockets } from '../../components/sockets.ts';
import { anyWorkerBase } from '../../components/worker-base.ts';
import { heapFlagsWithin, heapMb, semiSpaceFor, workerHeap } from '../../components/worker-heap.ts';
import { poolOf, untoldWorkers } from '../apps-around.ts';
import type { PlanRequest } from '../box-request.ts';
import { demandOf, type Layout, layOut } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import type { Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { NodeRequest } from '../service-request.ts';
import { pm2Daemon } from './watcher.ts';

// An unknown program may keep everything in its heap.
const MOST_OLD_SPACE_MB = 1024;
// Between what a healthy worker holds and what the kernel kills at; PM2 looks every 30 s only.
const RESTART_ABOVE_HEAP_MB = 60;

/** Any Node program. */
export const node: ServiceModel<'node'> = {
  kind: 'node',
  boundBySettings: true,
  reducible: ['workers', 'oldSpaceMb'],
  demand: (request, { plan }) => demandOf(layoutOf(request, plan), 50),
  share(request, offeredBytes, { plan }) {
    const laidOut = layOut(request.name, layoutOf(request, plan), offeredBytes);
    const flags =
      request.oldSpaceMb === undefined
        ? heapFlagsWithin(laidOut.of('HEAP'))
        : { oldSpaceMb: request.oldSpaceMb, semiSpaceMb: semiSpaceFor(request.oldSpaceMb) };
    return {
      planned: {
        kind: 'node',
        request,
        workers: laidOut.processes,
        ...flags,
        restartBytes: restartBytes(flags.oldSpaceMb),
        poolSize: poolOf(request),
        ...limitsFor(laidOut.budgetBytes, OOM_SCORE.app),
      },
      lines: laidOut.lines,
    };
  },
};

function layoutOf(request: NodeRequest, plan: PlanRequest): Layout {
  return {
    once: [kept(programPages()), ...keptBy(request, plan)],
    each: [heapOf(request), kept(anyWorkerBase()), kept(externalBuffers()), kept(sockets())],
    fewest: request.workers ?? 1,
    most: request.workers ?? untoldWorkers(plan),
  };
}

function heapOf({ oldSpaceMb }: NodeRequest): Part {
  const heap = kept(workerHeap(MOST_OLD_SPACE_MB));
  if (oldSpaceMb === undefined) return heap;
  return {
    ...kept(atSize(heap, heapMb(oldSpaceMb) * MiB)),
    formula: () => `${oldSpaceMb} + 3 × ${semiSpaceFor(oldSpaceMb)}`,
  };
}

/** One PM2 keeps all programs of a user, so it is counted with the first of them, or where it has its own place. */
function keptBy(request: NodeRequest, { services }: PlanRequest): readonly Part[] {
  if (request.keptBy === 'systemd') return [];
  if (request.keptBy !== 'pm2') return [kept(keeperProcess())];
  const first = services.find((service) => service.kind === 'node' && service.keptBy === 'pm2');
  const apart = services.some((service) => service.kind === 'watcher' && service.program === 'pm2');
  return apart || first?.name !== request.name ? [] : [pm2Daemon()];
}

function restartBytes(oldSpaceMb: number): Bytes {
  return (heapMb(oldSpaceMb) + RESTART_ABOVE_HEAP_MB) * MiB;
}

/** A flag of V8 holds it, or it was not exceeded in 56 runs: nothing above is expected. */
function kept(component: Omit<Part, 'errorBytes'>): Part {
  return { ...component, errorBytes: 0 };
}
