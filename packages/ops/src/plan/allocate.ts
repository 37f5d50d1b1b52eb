import type { Bytes } from '@maque/kit';
import type { BoxFacts } from './box-facts.ts';
import type { Budget, BudgetBasis, DoesNotFit, ServerLimits } from './budget.ts';
import { lineOf, sumOfLines } from './budget-lines.ts';
import type { Component } from './component.ts';
import { treeComponents, workerComponents } from './component-lists.ts';
import { freeMemory } from './components/free-memory.ts';
import { bodyMemoryWithin } from './components/in-flight-bodies.ts';
import { operatingSystemBytes } from './components/operating-system.ts';
import { requestsWithin } from './components/requests-at-once.ts';
import { reserve, reserveBytes } from './components/reserve.ts';
import { connectionsWithin } from './components/sockets.ts';
import { heapFlags, leastHeapBytes } from './components/worker-heap.ts';
import { leastBudgetBytes, MOST_UNTOLD_BYTES, refuse } from './least-plan.ts';
import { type Shares, spread, sumOfFloors } from './spread.ts';
import { checkWishes, type PlanWishes } from './wishes.ts';

// Two even on one core, so that one serves while the other is replaced; more than four do not help a single-writer
// database (a second process on one SQLite file gained 12 %).
const FEWEST_UNTOLD_WORKERS = 2;
const MOST_UNTOLD_WORKERS = 4;

// The kernel adds a thousandth of all memory for each point (oom_badness in mm/oom_kill.c): at 500 a database with
// adjustment 0 that holds 60 % of the box would go before a worker of 100 MiB; at 750 nothing under three quarters does.
// sshd has -1000, Debian's MariaDB -600, most others 0. The guard's snapshot helper, with 800, goes before a worker.
const WORKER_OOM_SCORE_ADJ = 750;

/**
 * Shares out the memory of a box among the keeper and its workers. Pure: the same input gives the same sum.
 * Workers that nobody asked for are dropped until the rest fits; workers that were asked for never are.
 * @throws RangeError when a wish is not a possible one, such as half a worker.
 */
export function allocate(facts: BoxFacts, wishes: PlanWishes): Budget | DoesNotFit {
  checkWishes(wishes);
  const basis = basisOf(facts, wishes);
  const most = wishes.workers ?? mostUntoldWorkers(facts.cores);
  const fewest = wishes.workers ?? 1;
  for (let workers = most; workers >= fewest; workers -= 1) {
    if (fits(basis, wishes, workers)) return share(basis, wishes, workers);
  }
  return refuse(basis, wishes, fewest);
}

/** How many workers are started where nobody says otherwise and memory allows. */
export function mostUntoldWorkers(cores: number): number {
  return Math.min(MOST_UNTOLD_WORKERS, Math.max(FEWEST_UNTOLD_WORKERS, cores));
}

function basisOf({ bound, memoryBytes }: BoxFacts, wishes: PlanWishes): BudgetBasis {
  const osBytes = operatingSystemBytes({ bound });
  const room = Math.max(0, memoryBytes - osBytes);
  const toldBytes = wishes.memoryBytes;
  return {
    bound,
    memoryBytes,
    osBytes,
    toldBytes,
    limitBytes: toldBytes ?? Math.min(room, MOST_UNTOLD_BYTES),
  };
}

function fits(
  { limitBytes, memoryBytes, osBytes }: BudgetBasis,
  wishes: PlanWishes,
  workers: number,
): boolean {
  return osBytes + limitBytes <= memoryBytes && leastBudgetBytes(wishes, workers) <= limitBytes;
}

function share(basis: BudgetBasis, wishes: PlanWishes, workers: number): Budget {
  const tree = treeComponents(wishes);
  const worker = workerComponents(wishes);
  const reserved = reserveBytes(basis.limitBytes);
  const shares = spread(worker, (basis.limitBytes - reserved - sumOfFloors(tree)) / workers);
  const lines = [
    ...tree.map((component) => lineOf(component, 1)),
    ...worker.map((component) => lineOf(component, workers, shares.of(component.code))),
    lineOf(reserve(reserved), 1),
  ];
  const freeBytes = basis.limitBytes - sumOfLines(lines);
  const programShare = Math.floor(floorOf(tree, 'PROGRAM_PAGES') / (workers + 1));
  return {
    fits: true,
    basis,
    lines: [...lines, lineOf(freeMemory(freeBytes), 1)],
    workers,
    perWorker: {
      ...heapFlags(shares.of('HEAP'), wishes.oldSpaceMb),
      budgetBytes: shares.total + programShare,
      oomScoreAdj: WORKER_OOM_SCORE_ADJ,
    },
    server: wishes.server === undefined ? undefined : serverLimits(shares),
    spareFits: reserved + freeBytes >= freshWorkerBytes(worker),
    keeperBytes: floorOf(tree, 'KEEPER') + floorOf(tree, 'SIMULATOR') + programShare,
  };
}

/** A replacement is a burst: for the seconds until the old worker is gone it holds its program and a small heap. */
function freshWorkerBytes(components: readonly Component[]): Bytes {
  return floorOf(components, 'BASE') + Math.min(floorOf(components, 'HEAP'), leastHeapBytes());
}

function serverLimits(shares: Shares): ServerLimits {
  return {
    cacheBytes: shares.of('CACHE'),
    sqliteCacheBytes: shares.of('SQLITE'),
    bodyMemoryBytes: bodyMemoryWithin(shares.of('BODIES')),
    maxConcurrent: requestsWithin(shares.of('REQUESTS')),
    maxConnections: connectionsWithin(shares.of('SOCKETS')),
  };
}

function floorOf(components: readonly Component[], code: string): Bytes {
  return components.find((component) => component.code === code)?.floorBytes ?? 0;
}
