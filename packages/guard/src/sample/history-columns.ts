import type { MemorySample } from './memory-sample.ts';

/** How several samples become one when they fall into the same step of time. */
export type Fold = 'last' | 'mean' | 'min' | 'max';

/**
 * What the history keeps of each sample, and how it is thinned out. Levels that saw-tooth with collections keep their
 * minimum, where the live part shows; what hurts at its worst keeps its maximum; counters and marks keep their last.
 */
export const HISTORY_COLUMNS = {
  atMs: 'last',
  uptimeMs: 'last',
  heapUsed: 'min',
  heapTotal: 'max',
  heapFloor: 'last',
  heapFloorAtMs: 'last',
  heapLimit: 'last',
  external: 'min',
  arrayBuffers: 'min',
  native: 'min',
  anonymous: 'min',
  rss: 'max',
  gcMajors: 'last',
  gcMinors: 'last',
  gcMs: 'last',
  gcShare: 'max',
  loopUtilization: 'mean',
  loopDelayP50Ms: 'mean',
  loopDelayP99Ms: 'max',
  handles: 'max',
  boxLimit: 'last',
  boxUsed: 'max',
  memoryStall: 'max',
  requestsTotal: 'last',
  requestsActive: 'max',
} as const satisfies Readonly<Record<string, Fold>>;

export type HistoryColumn = keyof typeof HISTORY_COLUMNS;

/** One row of the history: one sample, or several that fell into the same step of time. */
export type HistoryPoint = { readonly [Column in HistoryColumn]: number | null };

/** What a sample and the requests beside it put into the history. */
export function historyPoint(
  memory: MemorySample,
  requests: { readonly total: number; readonly active: number },
): HistoryPoint {
  return { ...memory, requestsTotal: requests.total, requestsActive: requests.active };
}
