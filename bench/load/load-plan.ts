import type { Milliseconds } from '@maque/kit';
import type { Catalogue } from './catalogue.ts';
import type { Target } from './connection.ts';
import type { User } from './users.ts';
import type { WindowResult } from './window.ts';

/** Whom to load, as whom, with what: everything a generator needs, plain enough to cross a process boundary. */
export interface LoadSubject {
  readonly target: Target;
  readonly users: readonly User[];
  readonly catalogue: Catalogue;
}

/** Each connection sends its next request when it has its answer. */
export interface ClosedLoopPlan {
  readonly loop: 'closed';
  /** The least time between two requests of one connection, for servers that count by address; none unless told. */
  readonly leastGapMs?: Milliseconds;
  /** So many ask at the same time, by turns; all of them unless told. */
  readonly mostAtOnce?: number;
}

/** Requests fall due at a steady rate, whatever the server does; latency counts from when they were due. */
export interface OpenLoopPlan {
  readonly loop: 'open';
  readonly requestsPerSecond: number;
  /** Requests that may wait for their answers on one connection; above 1 is HTTP pipelining. */
  readonly outstandingPerConnection: number;
  /** What happens to a due request when all connections are taken: it waits its turn, or is counted and dropped. */
  readonly whenBusy: 'wait' | 'drop';
}

export type LoadPlan = LoadSubject &
  (ClosedLoopPlan | OpenLoopPlan) & {
    /** Without an answer for this long a request is lost. */
    readonly timeoutMs: Milliseconds;
  };

/** A running load. Its windows are cut by whoever measures the server meanwhile. */
export interface Load {
  /** Throws away what was counted so far. */
  startWindow(): void;
  endWindow(): WindowResult;
  /** Sends nothing new, waits for what is outstanding, and closes. */
  stop(): Promise<LoadTotals>;
}

/** What all shoppers together were told from first to last, to hold against the database. */
export interface LoadTotals {
  readonly ordersAccepted: number;
  readonly quantityAccepted: number;
  /** Orders whose answers never came: the database may have them or not. */
  readonly ordersUnknown: number;
}
