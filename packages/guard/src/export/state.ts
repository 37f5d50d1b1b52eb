import type { Bytes, Milliseconds, Text } from '@maque/kit';
import type { Pool, PoolVerdict, Verdict } from '../detect/verdict.ts';
import type { ReleaseComparison } from '../leak-watch/baseline.ts';
import type { SuspicionLevel } from '../leak-watch/suspicion.ts';
import type { Pressure } from '../pressure/pressure.ts';
import type { RequestStats } from '../requests/request-meter.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { GuardCost } from '../sample/own-cost.ts';
import type { SlowTurnsState } from '../slow-turns/slow-turns.ts';

/** What is expected of one pool within the horizon, half an hour unless told; the short form of a {@link PoolVerdict}. */
export interface LeakForecast {
  readonly pool: Pool;
  readonly verdict: Verdict;
  /** That the limit is reached within the horizon. */
  readonly probability: number;
  readonly bytesPerSecond: number;
  /** Null when it does not grow, or no limit is known. */
  readonly timeToLimitMs: Milliseconds | null;
}

/** What a worker tells its keeper: small, plain numbers (about 900 bytes as JSON). */
export interface WorkerStatus {
  readonly memory: MemorySample;
  readonly requests: RequestStats;
  /** One a pool; empty before the first evaluation. */
  readonly forecasts: readonly LeakForecast[];
  /** The same a day ahead, only of what is suspected to leak; mostly empty. */
  readonly slowForecasts: readonly LeakForecast[];
  /** What a report of the last hour names, a line each, and where it lies; null when there is none. */
  readonly leakNote: string | null;
  /** Which function made turns of the event loop slow within the last hour; null when none can be named. */
  readonly slowTurnNote: Text | null;
}

/** What the detector makes of this process. */
export interface LeakState {
  /** As far ahead as `leakHorizonMs` says, one a pool; empty before the first evaluation. */
  readonly near: readonly PoolVerdict[];
  /** A day ahead, for leaks that take days. */
  readonly slow: readonly PoolVerdict[];
  /** The pool that most needs a look, when several evaluations agree that it grows; null when none does. */
  readonly suspected: Pool | null;
  /** What several evaluations agree on, pool by pool. */
  readonly levels: Readonly<Record<Pool, SuspicionLevel>>;
  /** Against the version that ran before; null without a baseline file. */
  readonly release: ReleaseComparison | null;
  /** Collections that the guard has forced to see what lives. */
  readonly forcedCollections: number;
}

/** One kind of memory that can run out. */
export interface PoolReading {
  readonly used: Bytes;
  /** What it can grow to as things are; null where nobody tells. */
  readonly limit: Bytes | null;
  /** `used / limit`. */
  readonly share: number | null;
}

/** Each kind by itself, since each leaks and runs out in its own way. */
export interface Pools {
  /** What lived after the last major collection against the old-space limit; the heap in use before the first one. */
  readonly heap: PoolReading;
  /** Buffers and other memory that objects own, against what the box has left. */
  readonly external: PoolReading;
  /** Anonymous memory that is neither, against what the box has left; null where nobody tells. */
  readonly native: PoolReading | null;
  /** The control group or the machine as a whole. */
  readonly box: PoolReading | null;
}

/** Everything the guard knows now, ready to be JSON. */
export interface GuardState extends WorkerStatus {
  readonly pools: Pools;
  readonly pressure: Pressure;
  readonly leaks: LeakState;
  readonly slowTurns: SlowTurnsState;
  readonly cost: GuardCost;
  /** When the next sample comes after this one. */
  readonly intervalMs: Milliseconds;
}

/** Sorts a sample into the pools that can run out. */
export function poolsOf(sample: MemorySample): Pools {
  const { boxLimit, boxUsed, native } = sample;
  const room = boxLimit === null || boxUsed === null ? null : Math.max(0, boxLimit - boxUsed);
  const inBox = (used: Bytes): PoolReading => pool(used, room === null ? null : used + room);
  return {
    heap: pool(sample.heapFloor ?? sample.heapUsed, sample.heapLimit),
    external: inBox(sample.external),
    native: native === null ? null : inBox(native),
    box: boxUsed === null ? null : pool(boxUsed, boxLimit),
  };
}

function pool(used: Bytes, limit: Bytes | null): PoolReading {
  return { used, limit, share: limit === null || limit <= 0 ? null : used / limit };
}
