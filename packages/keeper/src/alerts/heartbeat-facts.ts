import type { WorkerStatus } from '@maque/guard';
import type { BoxFacts, ProcessFacts } from '@maque/guard/alert';
import { readForecasts } from '../status/leak-forecasts.ts';
import { looseObject, numberOrNull } from '../status/loose-values.ts';

// As long as a guard makes it.
const NOTE_LIMIT = 1_000;

/** What the rules of alerts look at in one worker's heartbeat; what is not a number counts as not told. */
export function heartbeatFacts(process: string, status: unknown): ProcessFacts {
  const { memory, requests, forecasts, slowForecasts, leakNote } = looseObject<WorkerStatus>(status);
  const sample = looseObject<WorkerStatus['memory']>(memory);
  const stats = looseObject<WorkerStatus['requests']>(requests);
  return {
    process,
    forecasts: readForecasts(forecasts),
    slowForecasts: readForecasts(slowForecasts),
    heapFloor: numberOrNull(sample.heapFloor),
    heapLimit: numberOrNull(sample.heapLimit),
    external: numberOrNull(sample.external),
    native: numberOrNull(sample.native),
    busy: numberOrNull(sample.loopUtilization),
    requestsPerSecond: numberOrNull(stats.perSecond),
    p95Ms: numberOrNull(stats.p95Ms),
    note: typeof leakNote === 'string' ? leakNote.slice(0, NOTE_LIMIT) : null,
  };
}

/** The box that all workers share, as the one that sees least room left sees it; null when none tells. */
export function sharedBox(statuses: readonly unknown[], cpu: number | null): BoxFacts | null {
  const boxes = statuses.map(boxOf).filter(({ limit }) => limit !== null);
  const [tightest] = boxes.sort((a, b) => roomIn(a) - roomIn(b));
  if (tightest === undefined) return cpu === null ? null : { ...boxOf(null), cpu };
  return { ...tightest, cpu };
}

function boxOf(status: unknown): Omit<BoxFacts, 'cpu'> {
  const { memory } = looseObject<WorkerStatus>(status);
  const sample = looseObject<WorkerStatus['memory']>(memory);
  return {
    kind: sample.boxKind === 'cgroup' ? 'cgroup' : 'machine',
    used: numberOrNull(sample.boxUsed),
    limit: numberOrNull(sample.boxLimit),
    stall: numberOrNull(sample.memoryStall),
  };
}

function roomIn({ used, limit }: Omit<BoxFacts, 'cpu'>): number {
  return (limit ?? 0) - (used ?? 0);
}
