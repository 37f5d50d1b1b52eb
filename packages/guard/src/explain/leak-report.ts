import type { Bytes, Milliseconds, Text } from '@maque/kit';
import type { PoolVerdict } from '../detect/verdict.ts';
import type { Confirmation } from '../leak-watch/confirmation.ts';
import type { SnapshotRefusal } from '../snapshot/judge-snapshot.ts';

/** Grows when a field changes its meaning or goes. */
export const LEAK_REPORT_VERSION = 1;

/**
 * What speaks for a claim: a code with its numbers. Sentences are made of them in `report-text.ts`.
 *
 * - `timing`: surviving objects are allocated when this route is asked. `odds` is the logarithm of how much better its
 *   requests explain their times than chance does.
 * - `on-stack`: they are allocated below the route's handler.
 * - `same-function`: they are allocated later, by functions of the app that were seen to serve this route only.
 * - `outside-timing`: memory outside the heap grows when this route is asked; `odds` as for `timing`.
 * - `requests-stay`: request and response objects are in memory after the answer is over.
 * - `waiting-stays`: promises, timers or handles made for its requests still wait after the answer is over.
 * - `steady`: bytes that came in both halves of the time, and stayed.
 * - `resources-stay`, `listeners-stay`: handles and listeners that were made there and stay.
 */
export type Evidence =
  | { readonly code: 'timing'; readonly odds: number; readonly share: number; readonly requests: number }
  | { readonly code: 'on-stack'; readonly share: number }
  | { readonly code: 'same-function'; readonly share: number }
  | { readonly code: 'outside-timing'; readonly odds: number; readonly requests: number }
  | { readonly code: 'requests-stay'; readonly alive: number; readonly followed: number }
  | { readonly code: 'waiting-stays'; readonly alive: number; readonly followed: number }
  | {
      readonly code: 'steady';
      readonly firstHalf: Bytes;
      readonly secondHalf: Bytes;
      readonly samples: number;
    }
  | {
      readonly code: 'resources-stay';
      readonly kind: string;
      readonly alive: number;
      readonly followed: number;
    }
  | {
      readonly code: 'listeners-stay';
      readonly owner: string;
      readonly event: string;
      readonly before: number;
      readonly now: number;
    };

/** A function and where it begins; through a source map, if there is one. */
export interface CodePosition {
  readonly function: string;
  /** A path below the working folder, below `node_modules`, or `node:…`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface RouteClaim {
  readonly route: string;
  /** That this route causes the growth, from 0 to 0.99; what is missing to 1 is other routes and none at all. */
  readonly confidence: number;
  readonly requests: number;
  readonly evidence: readonly Evidence[];
}

export interface SiteClaim {
  /** The app's function nearest to the allocation; null when no code of the app is on the stack. */
  readonly app: CodePosition | null;
  /** The packages between the allocation and the app with a function of each, the one that allocates first. */
  readonly packages: readonly { readonly name: string; readonly at: CodePosition }[];
  /** Classes of what stays, as far as stacks and followed objects tell. */
  readonly constructors: readonly string[];
  readonly confidence: number;
  readonly bytes: Bytes;
  /** Of everything that was allocated while watching and stayed. */
  readonly share: number;
  readonly evidence: readonly Evidence[];
  /** The leaf first. */
  readonly stack: readonly CodePosition[];
}

/** Things that pile up: timers, sockets, streams, listeners, whole requests. */
export interface PileClaim {
  /** The class, such as `Timeout`, `Gzip`, `IncomingMessage`, `Pool`. */
  readonly constructorName: string;
  readonly route: string | null;
  readonly confidence: number;
  readonly evidence: Evidence;
  /** Where they are made; empty where nobody tells. */
  readonly stack: readonly CodePosition[];
}

/**
 * - `pause-too-long`: reading the allocation profile would have stopped the process for longer than allowed.
 * - `cannot-collect`: V8's flags are frozen, so no collection could be made before the read.
 * - `profiler-taken`: another tool holds V8's heap profiler.
 * - `nothing-survived`: too few objects stayed to tell a place.
 * - `no-traffic`: no request was seen, so no route can be named.
 * - `not-in-heap`: the pool that grows is outside the heap; only its handles in the heap were seen.
 * - `not-watched`: nobody suspected anything, so no allocation was sampled and no request followed.
 * - `watched-earlier`: routes and places are from the watching that ended at that time (ISO 8601).
 */
export type Refusal =
  | { readonly code: 'pause-too-long'; readonly predictedMs: Milliseconds; readonly allowedMs: Milliseconds }
  | { readonly code: 'cannot-collect' }
  | { readonly code: 'profiler-taken' }
  | { readonly code: 'nothing-survived'; readonly samples: number }
  | { readonly code: 'no-traffic' }
  | { readonly code: 'not-in-heap' }
  | { readonly code: 'not-watched' }
  | { readonly code: 'watched-earlier'; readonly until: string };

/** What came of a heap snapshot that was wanted with a report. */
export type ReportedSnapshot =
  | { readonly outcome: 'taken'; readonly file: string }
  | { readonly outcome: 'refused'; readonly refusals: readonly SnapshotRefusal[] }
  | { readonly outcome: 'failed'; readonly reason: Text };

/** What the guard found out about a leak; plain data without any of the users' (no addresses, no values). */
export interface LeakReport {
  readonly version: typeof LEAK_REPORT_VERSION;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly process: {
    readonly pid: number;
    readonly node: string;
    readonly script: string;
    readonly uptimeMs: Milliseconds;
  };
  /** What the detector says of the pool that is explained; null when nobody suspects any. */
  readonly verdict: PoolVerdict | null;
  /** What full collections left, of a process that was examined after its last request; null of all others. */
  readonly confirmed: Confirmation | null;
  /** Null when none was wanted. */
  readonly snapshot: ReportedSnapshot | null;
  /** What to look at first, of the claims below; null when nothing can be named, or no route is likely. */
  readonly lookFirst: {
    readonly route: string | null;
    readonly constructorName: string | null;
    readonly site: CodePosition | null;
    readonly package: string | null;
  };
  /** Each list has the likeliest first. */
  readonly routes: readonly RouteClaim[];
  readonly sites: readonly SiteClaim[];
  readonly piles: readonly PileClaim[];
  readonly handles: Readonly<Record<string, { readonly before: number; readonly now: number }>>;
  readonly refused: readonly Refusal[];
  readonly cost: {
    readonly watchedMs: Milliseconds;
    /** How long the process stood still at most to collect garbage and read the profile. */
    readonly pauseMs: Milliseconds;
    /** And, apart from that, to make this report of it, which it does in several turns. */
    readonly reportMs: Milliseconds;
    /** The longest of all these by the processor time that it took: less than on the clock where the machine is busy. */
    readonly longestWorkMs: Milliseconds;
    readonly sampleEveryBytes: Bytes;
    readonly survivingSamples: number;
  };
}
