import type { ProcessStatus, SystemStatus } from '@maque/contract';

const MiB = 1024 * 1024;

/** A process that is well, with what a test wants otherwise. */
export function sampleProcess(changes: Partial<ProcessStatus> = {}): ProcessStatus {
  return {
    id: 'w1',
    role: 'worker',
    pid: 4121,
    state: 'ready',
    startedAt: '2026-11-20T01:00:00.000Z',
    restarts: 0,
    rss: 118 * MiB,
    pss: 86.2 * MiB,
    budget: 180 * MiB,
    heapUsed: 41.5 * MiB,
    heapLimit: 112 * MiB,
    external: 4.2 * MiB,
    heapFloor: 33.1 * MiB,
    leak: null,
    loopDelayP99Ms: 12.4,
    loopUtilization: 0.23,
    requestsPerSecond: 151,
    p50Ms: 1.2,
    p99Ms: 8.4,
    activeRequests: 3,
    ...changes,
  };
}

export function sampleKeeper(changes: Partial<ProcessStatus> = {}): ProcessStatus {
  return sampleProcess({
    id: 'keeper',
    role: 'keeper',
    pid: 4100,
    rss: 58 * MiB,
    pss: 37.4 * MiB,
    budget: 50 * MiB,
    heapUsed: 9.1 * MiB,
    heapLimit: 32 * MiB,
    external: 2 * MiB,
    heapFloor: 8.2 * MiB,
    loopDelayP99Ms: 1.1,
    loopUtilization: 0.01,
    requestsPerSecond: null,
    p50Ms: null,
    p99Ms: null,
    activeRequests: null,
    ...changes,
  });
}

/** Keeper and two workers inside 512 MiB, with what a test wants otherwise. */
export function sampleStatus(changes: Partial<SystemStatus> = {}): SystemStatus {
  const processes = changes.processes ?? [
    sampleKeeper(),
    sampleProcess(),
    sampleProcess({ id: 'w2', pid: 4122, pss: 91.7 * MiB, requestsPerSecond: 148, p99Ms: 9.6 }),
  ];
  return {
    at: '2026-11-20T04:12:00.000Z',
    budget: 512 * MiB,
    used: processes.reduce((total, process) => total + (process.pss ?? process.rss), 0),
    processes,
    ...changes,
  };
}
