import type { Milliseconds } from '@maque/kit';
import type { LossReason, Target } from '../../load/connection.ts';
import type { Latency } from '../../load/latencies.ts';

/** Users of the service, plain enough to cross a process boundary. */
export interface TrafficPlan {
  readonly target: Target;
  /** Keep-alive connections, one request at a time on each. */
  readonly connections: number;
  /** Due at fixed times whatever the service does; null: each connection sends when it has its answer. */
  readonly requestsPerSecond: number | null;
  readonly webSockets: number;
}

/** Some of the requests are of a route that does harm. */
export interface HarmfulShare {
  /** Of all requests, 0 to 1. */
  readonly share: number;
  /** The path with its query; the method is POST. */
  readonly path: string;
}

/** Without an answer for this long a request is lost, and one whose answer comes later than this after it was due is late. */
export const PATIENCE_MS: Milliseconds = 5_000;

/** What became of every request that was due in a window. */
export interface RequestCounts {
  readonly right: number;
  readonly wrong: number;
  /** Right, but later than anybody waits. */
  readonly late: number;
  /** No answer: connection reset, no answer in time. */
  readonly lost: number;
  /** Due, and not sent by the end, for want of a connection. */
  readonly notSent: number;
}

/** Times are epoch milliseconds, comparable between processes of one machine. */
export interface TrafficFailure {
  readonly path: string;
  readonly reason: LossReason | 'wrong-answer' | 'late';
  readonly status?: number;
  readonly dueAt: Milliseconds;
  readonly failedAt: Milliseconds;
}

/** How WebSockets ended that had been open. */
export interface SocketCounts {
  readonly opened: number;
  /** By the code of the close frame; 1006 is a connection that was cut without one. */
  readonly closedWith: Readonly<Record<string, number>>;
}

export interface WorkerAnswers {
  readonly worker: string;
  readonly release: string;
  readonly answers: number;
  readonly latency: Latency;
  /** When it first answered anything since the traffic began. */
  readonly firstAnswerAt: Milliseconds;
}

export interface TrafficWindow {
  readonly seconds: number;
  readonly counts: RequestCounts;
  readonly refusedConnections: number;
  readonly latency: Latency;
  /** How late the generator itself was, part of the latency. */
  readonly sendDelay: Latency;
  readonly workers: readonly WorkerAnswers[];
  readonly longestSilenceMs: Milliseconds;
  /** The first of them; the counts have all. */
  readonly failures: readonly TrafficFailure[];
  readonly sockets: SocketCounts;
}
