import type { Bytes, Milliseconds } from '@maque/kit';
import type { Pool } from '../detect/verdict.ts';
import type { LeakForecast, WorkerStatus } from '../export/state.ts';
import type { IncidentRule } from './rules.ts';

/** What is known of one process at one moment. What is not told is null. */
export interface ProcessFacts {
  /** Its name in messages: `w1`, or whatever tells it from the others. */
  readonly process: string;
  readonly forecasts: readonly LeakForecast[];
  /** A day ahead, of what is suspected; none where nobody tells. */
  readonly slowForecasts?: readonly LeakForecast[];
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
  /** Why memory is short, where somebody knows. */
  readonly note?: string | null;
}

/** A process that ended without being asked to. */
export interface Death {
  readonly process: string;
  /** What it died of, in a word or two. */
  readonly cause: string;
}

/** Something that happened once, whatever became of it: a hang, a kill, a deployment that failed. */
export interface Incident {
  readonly rule: IncidentRule;
  /** What it struck. */
  readonly process: string;
  /** What is known of it, in a sentence that also says what it struck. */
  readonly cause: string;
  /** Of a deployment. */
  readonly version?: string;
  /** Of `attention`: the code of what an operator has to see to. */
  readonly matter?: string;
}

/** What a process found out about its own memory after its last request. */
export interface Examination {
  readonly process: string;
  /** Whether its memory leaks; not so when it only may, or does not. */
  readonly leaks: boolean;
  readonly pool: Pool | null;
  readonly bytesPerSecond: number | null;
  readonly used: Bytes | null;
  /** The finding, what it names, where the report lies: a line each. */
  readonly note: string;
}

/** A process that dies again and again as soon as it is started. */
export interface CrashLoop {
  readonly process: string;
  readonly failures: number;
}

/** Everything that the rules look at. */
export interface AlertFacts {
  readonly processes: readonly ProcessFacts[];
  readonly box: BoxFacts | null;
  /** How far ahead the forecasts look; 30 minutes unless told. */
  readonly horizonMs?: Milliseconds;
  /** Those since the last facts; none where nobody sees them. */
  readonly deaths?: readonly Death[];
  readonly incidents?: readonly Incident[];
  readonly examinations?: readonly Examination[];
  /** The one that is going on; null when there is none. */
  readonly crashLoop?: CrashLoop | null;
}

/** The facts of one process and of the box around it, from what its guard tells. */
export function factsOf(
  process: string,
  { memory, requests, forecasts, slowForecasts, leakNote }: WorkerStatus,
): { readonly process: ProcessFacts; readonly box: Omit<BoxFacts, 'cpu'> } {
  return {
    process: {
      process,
      forecasts,
      slowForecasts,
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
