import type { ProcessStatus } from '@maque/contract';
import type { WorkerStatus } from '@maque/guard';

/** What only the worker itself can tell; null where it has not, or not yet. */
export type HeartbeatNumbers = Omit<
  ProcessStatus,
  'id' | 'role' | 'pid' | 'state' | 'startedAt' | 'restarts' | 'rss' | 'pss' | 'budget'
>;

type Loose<Shape> = { readonly [Name in keyof Shape]?: unknown };

/**
 * Picks the numbers from a heartbeat. It came from another process, perhaps with another version of the guard, so
 * everything that is not a number counts as not told.
 */
export function heartbeatNumbers(status: unknown): HeartbeatNumbers {
  const { memory, requests } = (isObject(status) ? status : {}) as Loose<WorkerStatus>;
  const sample = (isObject(memory) ? memory : {}) as Loose<WorkerStatus['memory']>;
  const stats = (isObject(requests) ? requests : {}) as Loose<WorkerStatus['requests']>;
  return {
    heapUsed: numberOrNull(sample.heapUsed),
    heapLimit: numberOrNull(sample.heapLimit),
    external: numberOrNull(sample.external),
    heapFloor: numberOrNull(sample.heapFloor),
    loopDelayP99Ms: numberOrNull(sample.loopDelayP99Ms),
    loopUtilization: numberOrNull(sample.loopUtilization),
    requestsPerSecond: numberOrNull(stats.perSecond),
    p50Ms: numberOrNull(stats.p50Ms),
    p99Ms: numberOrNull(stats.p99Ms),
    activeRequests: numberOrNull(stats.active),
  };
}

/** Nothing told. */
export const NO_NUMBERS: HeartbeatNumbers = heartbeatNumbers(null);

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
