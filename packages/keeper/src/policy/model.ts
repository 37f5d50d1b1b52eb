import type { Milliseconds } from '@maque/kit';
import type { EventCode } from '../keeper-events.ts';
import type { ExitCause } from '../process/exit-cause.ts';

/** What the policy goes by; fixed for the life of a keeper. */
export interface Policy {
  readonly workers: number;
  /** One worker more may run for a while, so a replacement may start before the old one goes. */
  readonly surge: boolean;
  readonly bootTimeoutMs: Milliseconds;
  readonly hangTimeoutMs: Milliseconds;
  readonly drainTimeoutMs: Milliseconds;
  /** How long idle keep-alive connections are left alone when a worker is replaced, and when all stops. */
  readonly recycleIdleGraceMs: Milliseconds;
  readonly stopIdleGraceMs: Milliseconds;
  /** A worker that served this long was healthy: its death starts a new count of failures. */
  readonly stableAfterMs: Milliseconds;
  readonly backoffBaseMs: Milliseconds;
  readonly backoffCapMs: Milliseconds;
}

export type WorkerPhase = 'starting' | 'ready' | 'draining' | 'killed';

/** Why the keeper itself ended a worker. */
export type EndedFor = 'recycle' | 'stop' | 'hang' | 'boot-timeout' | 'drain-timeout';

/** What a worker said of itself before it gave up. */
export interface ToldFailure {
  readonly code: string;
  readonly message: string;
}

/** One worker process as the policy sees it. Times are monotonic. */
export interface WorkerRecord {
  /** `w1`, `w2` …: the lowest number free when it was started, so never two living workers with one name. */
  readonly id: string;
  /** Which of the N places it fills; an outgoing and an incoming worker share one. */
  readonly seat: number;
  readonly phase: WorkerPhase;
  readonly sinceMs: Milliseconds;
  /** When patience with this phase ends. */
  readonly deadlineMs: Milliseconds;
  /** The last heartbeat; null until the first, and nobody can miss what never came. */
  readonly heardMs: Milliseconds | null;
  readonly endedFor: EndedFor | null;
  readonly told: ToldFailure | null;
}

export interface Seat {
  /** How often its worker was replaced. */
  readonly restarts: number;
  /** Deaths in a row without a stable time between. */
  readonly failures: number;
  /** Not to be filled before this moment. */
  readonly openAtMs: Milliseconds;
  readonly filledBefore: boolean;
}

/** The one replacement that is under way. */
export interface Replacement {
  readonly seat: number;
  readonly outgoing: string;
  /** The outgoing worker has ended; its name may be another's by now. */
  readonly gone: boolean;
}

export interface KeeperState {
  readonly policy: Policy;
  /** `starting` until the first worker ever is ready. */
  readonly mode: 'starting' | 'running' | 'stopping' | 'over';
  readonly seats: readonly Seat[];
  readonly workers: readonly WorkerRecord[];
  readonly recycleQueue: readonly string[];
  readonly replacement: Replacement | null;
  readonly tickedMs: Milliseconds;
}

/** Why a keeper gives up: nobody ever served, and this is what the first one died of. */
export interface BootFailure {
  readonly worker: string;
  readonly exit: ExitCause;
  readonly told: ToldFailure | null;
}

export type PolicyEvent =
  | { readonly type: 'tick' }
  | { readonly type: 'ready'; readonly id: string; readonly info: Readonly<Record<string, unknown>> }
  | { readonly type: 'heartbeat'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly failure: ToldFailure }
  | { readonly type: 'drained'; readonly id: string; readonly requestsCut: number }
  | { readonly type: 'exited'; readonly id: string; readonly exit: ExitCause }
  | { readonly type: 'recycle'; readonly ids: readonly string[]; readonly reason: string }
  | { readonly type: 'stop'; readonly reason: string; readonly immediately: boolean };

export type PolicyAction =
  | { readonly type: 'spawn'; readonly id: string; readonly restarts: number }
  | {
      readonly type: 'drain';
      readonly id: string;
      readonly reason: string;
      readonly idleGraceMs: Milliseconds;
      readonly timeoutMs: Milliseconds;
    }
  | { readonly type: 'kill'; readonly id: string }
  | { readonly type: 'note'; readonly code: EventCode; readonly data: Readonly<Record<string, unknown>> }
  | { readonly type: 'end'; readonly failure: BootFailure | null };

export interface Decision {
  readonly state: KeeperState;
  readonly actions: readonly PolicyAction[];
}

/** The moment of a decision: monotonic time, and a number from 0 to 1 for what must not happen in step. */
export interface Moment {
  readonly atMs: Milliseconds;
  readonly random: number;
}

/** A keeper that has started nothing yet; its first tick does. */
export function initialState(policy: Policy, atMs: Milliseconds): KeeperState {
  const seat: Seat = { restarts: 0, failures: 0, openAtMs: atMs, filledBefore: false };
  return {
    policy,
    mode: 'starting',
    seats: Array.from({ length: policy.workers }, () => seat),
    workers: [],
    recycleQueue: [],
    replacement: null,
    tickedMs: atMs,
  };
}
