import type { ProcessStatus } from '@maque/contract';
import type { WorkerStatus } from '@maque/guard';
import { readForecasts, worstForecast } from './leak-forecasts.ts';
import { looseObject, numberOrNull } from './loose-values.ts';

/** What only the worker itself can tell; null where it has not, or not yet. */
export type HeartbeatNumbers = Omit<
  ProcessStatus,
  'id' | 'role' | 'pid' | 'state' | 'startedAt' | 'restarts' | 'rss' | 'pss' | 'budget'
>;

/**
 * Picks the numbers from a heartbeat. It came from another process, perhaps with another version of the guard, so
 * everything that is not a number counts as not told.
 */
export function heartbeatNumbers(status: unknown): HeartbeatNumbers {
  const { memory, requests, forecasts } = looseObject<WorkerStatus>(status);
  const sample = looseObject<WorkerStatus['memory']>(memory);
  const stats = looseObject<WorkerStatus['requests']>(requests);
  return {
    heapUsed: numberOrNull(sample.heapUsed),
    heapLimit: numberOrNull(sample.heapLimit),
    external: numberOrNull(sample.external),
    heapFloor: numberOrNull(sample.heapFloor),
    leak: worstForecast(readForecasts(forecasts)),
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
