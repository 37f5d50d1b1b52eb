import type { Bytes, Milliseconds } from '@maque/kit';
import type { LeakForecast, WorkerStatus } from '../export/state.ts';

/** What is known of one process at one moment. What is not told is null. */
export interface ProcessFacts {
  /** Its name in messages: `w1`, or whatever tells it from the others. */
  readonly process: string;
  readonly forecasts: readonly LeakForecast[];
  readonly heapFloor: Bytes | null;
  readonly heapLimit: Bytes | null;
  readonly external: Bytes | null;
  readonly native: Bytes | null;
  /** Share of time in which its event loop was busy: its CPU, as far as one thread goes. */
  readonly busy: number | null;
  readonly requestsPerSecond: number | null;
  readonly p95Ms: Milliseconds | null;
  /** What else is known of its leak: the first lines of a report, where the report is. */
  readonly note?: string | null;
}

/** The machine, or the control group that all processes share. */
export interface BoxFacts {
  readonly kind: 'cgroup' | 'machine';
  /** Memory in use that the kernel cannot take back by dropping page cache. */
  readonly used: Bytes | null;
  readonly limit: Bytes | null;
  /** Share of the last ten seconds in which nothing could run for lack of memory. */
  readonly stall: number | null;
  /** Share of all cores in use. */
  readonly cpu: number | null;
}

/** A process that ended without being asked to. */
export interface Death {
  readonly process: string;
  /** What it died of, in a word or two. */
  readonly cause: string;
}

/** Everything that the rules look at. */
export interface AlertFacts {
  readonly processes: readonly ProcessFacts[];
  readonly box: BoxFacts | null;
  /** How far ahead the forecasts look; 30 minutes unless told. */
  readonly horizonMs?: Milliseconds;
  /** Those since the last facts; none where nobody sees them. */
  readonly deaths?: readonly Death[];
}

/** The facts of one process and of the box around it, from what its guard tells. */
export function factsOf(
  process: string,
  { memory, requests, forecasts, leakNote }: WorkerStatus,
): { readonly process: ProcessFacts; readonly box: Omit<BoxFacts, 'cpu'> } {
  return {
    process: {
      process,
      forecasts,
      heapFloor: memory.heapFloor,
      heapLimit: memory.heapLimit,
      external: memory.external,
      native: memory.native,
      busy: memory.loopUtilization,
      requestsPerSecond: requests.perSecond,
      p95Ms: requests.p95Ms,
      note: leakNote,
    },
    box: {
      kind: memory.boxKind,
      used: memory.boxUsed,
      limit: memory.boxLimit,
      stall: memory.memoryStall,
    },
  };
}
