import { atSize, type Component } from './component.ts';
import { externalBuffers } from './components/external-buffers.ts';
import { inFlightBodies } from './components/in-flight-bodies.ts';
import { keeperProcess, simulator } from './components/keeper-process.ts';
import { programPages } from './components/program-pages.ts';
import { requestsAtOnce } from './components/requests-at-once.ts';
import { responseCache } from './components/response-cache.ts';
import { sockets } from './components/sockets.ts';
import { sqliteCache } from './components/sqlite-cache.ts';
import { anyWorkerBase, workerBase } from './components/worker-base.ts';
import { workerHeap } from './components/worker-heap.ts';
import type { PlanWishes } from './wishes.ts';

// Our worker keeps its data in SQLite and its cache outside these: 256 MiB of old space is generous for what is left.
// An unknown program may keep everything in its heap.
const MOST_OLD_SPACE_MB = { ours: 256, any: 1024 };

/** What the tree holds once, however many workers there are. */
export function treeComponents(wishes: PlanWishes): readonly Component[] {
  return [programPages(), keeperProcess(), ...(wishes.simulator === true ? [simulator()] : [])];
}

/** What each worker holds. */
export function workerComponents({ server, oldSpaceMb }: PlanWishes): readonly Component[] {
  if (server === undefined) {
    return [workerHeap(MOST_OLD_SPACE_MB.any, oldSpaceMb), anyWorkerBase(), externalBuffers(), sockets()];
  }
  return [
    workerHeap(MOST_OLD_SPACE_MB.ours, oldSpaceMb),
    workerBase(),
    inFlightBodies(server.bodyLimitBytes, server.bodyMemoryBytes),
    requestsAtOnce(server.maxConcurrent),
    atSize(responseCache(), server.cacheBytes),
    atSize(sqliteCache(), server.sqliteCacheBytes),
    sockets(server.maxConnections),
  ];
}
