import type { Milliseconds } from '@maque/kit';
import type { EventCode } from '../keeper-events.ts';
import type { ExitCause } from '../process/exit-cause.ts';

/** What the policy goes by; fixed for the life of a keeper. */
export interface Policy {
  readonly workers: number;
  /** The plan has room for one worker more, so a replacement may start before the old one goes. */
  readonly surge: boolean;
  readonly bootTimeoutMs: Milliseconds;
  /** How long a worker that says it is ready may take to answer a request of the keeper's own. */
  readonly probeTimeoutMs: Milliseconds;
  /** How long a worker may be silent until the keeper looks where it hangs, and until it is killed. */
  readonly hangNoticeMs: Milliseconds;
  readonly hangTimeoutMs: Milliseconds;
  readonly drainTimeoutMs: Milliseconds;
  /** How long a drained worker may examine itself for a leak. */
  readonly autopsyTimeoutMs: Milliseconds;
  /** How long idle keep-alive connections are left alone when a worker is replaced, and when all stops. */
  readonly recycleIdleGraceMs: Milliseconds;
  readonly stopIdleGraceMs: Milliseconds;
  /** A worker that served this long was healthy: its death starts a new count of failures. */
  readonly stableAfterMs: Milliseconds;
  readonly backoffBaseMs: Milliseconds;
  readonly backoffCapMs: Milliseconds;
  /** A worker this old, or with so many requests behind it, is replaced; null for never. */
  readonly maxAgeMs: Milliseconds | null;
  readonly maxRequests: number | null;
  /** Whether a worker that will very probably run out of memory is replaced before. */
  readonly recycleLeaks: boolean;
}

/** `probing`: it says that it is ready, and the keeper sees for itself. */
export type WorkerPhase = 'starting' | 'probing' | 'ready' | 'draining' | 'killed';

/** Why the keeper itself ended a worker. */
export type EndedFor =
  | 'recycle'
  | 'stop'
  | 'hang'
  | 'boot-timeout'
  | 'drain-timeout'
  | 'probe-failed'
  | 'elsewhere'
  | 'memory';

/** Why a worker is to be replaced: one of the keeper's own reasons, or what whoever asks for it says. */
export type RecycleReason =
  | ('asked' | 'deploy' | 'rollback' | 'leak' | 'memory' | 'age' | 'requests' | 'descriptors')
  | (string & {});

/** What a worker said of itself before it gave up. */
export interface ToldFailure {
  readonly code: string;
  readonly message: string;
}

/** What a heartbeat says that the policy goes by; null for what it does not say. */
export interface WorkerFacts {
  /** Requests since it started. */
  readonly requests: number | null;
  readonly perSecond: number | null;
  /** The pool that most probably reaches its limit within the guard's horizon (30 minutes), if one leaks. */
  readonly leak: { readonly probability: number; readonly timeToLimitMs: Milliseconds | null } | null;
}

/** A worker that has to go, at a quiet moment. */
export interface Condemned {
  readonly reason: RecycleReason;
  /** When it goes, however busy it is. */
  readonly latestMs: Milliseconds;
}

/** One worker process as the policy sees it. Times are monotonic. */
export interface WorkerRecord {
  /** `w1`, `w2` …: the lowest number free when it was started, so never two living workers with one name. */
  readonly id: string;
  /** Which of the N places it fills; an outgoing and an incoming worker share one. */
  readonly seat: number;
  /** Of the code and settings it runs. */
  readonly version: number;
  readonly phase: WorkerPhase;
  readonly sinceMs: Milliseconds;
  /** When patience with this phase ends. */
  readonly deadlineMs: Milliseconds;
  /** What it said when it was ready, and how long that took; null until then. */
  readonly ready: { readonly bootMs: Milliseconds; readonly info: Readonly<Record<string, unknown>> } | null;
  /** The last heartbeat; null until the first, and nobody can miss what never came. */
  readonly heardMs: Milliseconds | null;
  /** The heartbeat before the silence in which the keeper looked where it hangs; null when it did not. */
  readonly examinedSilenceMs: Milliseconds | null;
  /** Since when it has been at work on a heap snapshot, for which it stands still; null when it is not. */
  readonly snapshotSinceMs: Milliseconds | null;
  readonly facts: WorkerFacts;
  /** Since when its heartbeats have said that it will run out of memory; null when the last one does not. */
  readonly leakSinceMs: Milliseconds | null;
  readonly condemned: Condemned | null;
  /**
   * How long it lives, from the moment that this was known, when that is too short for a successor: others take its
   * connections as soon as there are others.
   */
  readonly livesMs: Milliseconds | null;
  /** From 0 to 1, its own: what comes with age comes to no two workers at once. */
  readonly spread: number;
  readonly endedFor: EndedFor | null;
  readonly told: ToldFailure | null;
}

export interface Seat {
  /** Of the code and settings that its next worker runs. */
  readonly version: number;
  /** How often its worker was replaced. */
  readonly restarts: number;
  /** Deaths in a row without a stable time between. */
  readonly failures: number;
  /** Not to be filled before this moment. */
  readonly openAtMs: Milliseconds;
  readonly filledBefore: boolean;
}

/** A worker that waits for its replacement. */
export interface QueuedRecycle {
  readonly id: string;
  readonly reason: RecycleReason;
  /** What its successor runs. */
  readonly version: number;
}

/** The one replacement that is under way. */
export interface Replacement {
  readonly seat: number;
  readonly outgoing: string;
  readonly reason: RecycleReason;
  readonly version: number;
  /** The outgoing worker has ended; its name may be another's by now. */
  readonly gone: boolean;
}

/** New code or settings on their way in. */
export interface Rollout {
  readonly version: number;
  /** What served before; null when there is no way back, since its code is no longer what it was. */
  readonly previous: number | null;
  /** How many workers are to run it; fewer than all for a trial. */
  readonly workers: number;
  /** `trial`: they run it, and have yet to show that they live. */
  readonly phase: 'replacing' | 'trial';
  /** Of workers that run it. */
  readonly deaths: number;
  readonly sinceMs: Milliseconds;
}

export interface KeeperState {
  readonly policy: Policy;
  /** `starting` until the first worker ever is ready. */
  readonly mode: 'starting' | 'running' | 'stopping' | 'over';
  readonly seats: readonly Seat[];
  readonly workers: readonly WorkerRecord[];
  readonly recycleQueue: readonly QueuedRecycle[];
  readonly replacement: Replacement | null;
  readonly rollout: Rollout | null;
  /** Requests a second of all workers, smoothed over minutes; null before the first heartbeat. */
  readonly usualPerSecond: number | null;
  /** There is memory for a worker beside the one that it replaces: by the plan, or by the box where that can be measured. */
  readonly spareFits: boolean;
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
  /** The worker answered the keeper's own request, or why it did not. */
  | { readonly type: 'probed'; readonly id: string; readonly failure: string | null }
  /** It answers, on none of the ports where those serve whose place it is to take. */
  | { readonly type: 'elsewhere'; readonly id: string; readonly expected: readonly string[] }
  | { readonly type: 'heartbeat'; readonly id: string; readonly facts: WorkerFacts }
  /** It begins to write a heap snapshot that was asked for, or has answered. */
  | { readonly type: 'snapshot'; readonly id: string; readonly underway: boolean }
  | { readonly type: 'failed'; readonly id: string; readonly failure: ToldFailure }
  | { readonly type: 'drained'; readonly id: string; readonly requestsCut: number }
  | { readonly type: 'exited'; readonly id: string; readonly exit: ExitCause }
  | { readonly type: 'recycle'; readonly ids: readonly string[]; readonly reason: RecycleReason }
  | {
      readonly type: 'deploy';
      readonly version: number;
      /** How many workers are to run it. */
      readonly workers: number;
      /** Whether the code that serves now can be started again. */
      readonly canReturn: boolean;
    }
  /** What the box demands: see {@link KeeperState.spareFits}; whose memory is to be won back, and how soon. */
  | {
      readonly type: 'box';
      readonly spareFits: boolean;
      readonly recycle: string | null;
      readonly kill: string | null;
    }
  /** Its heap is full before a successor could serve. */
  | { readonly type: 'evacuate'; readonly id: string; readonly withinMs: Milliseconds }
  | { readonly type: 'stop'; readonly reason: string; readonly immediately: boolean };

export type PolicyAction =
  | { readonly type: 'spawn'; readonly id: string; readonly restarts: number; readonly version: number }
  | { readonly type: 'probe'; readonly id: string }
  | {
      readonly type: 'drain';
      readonly id: string;
      readonly reason: string;
      readonly idleGraceMs: Milliseconds;
      readonly timeoutMs: Milliseconds;
      /** Over how long WebSockets and event streams are closed, where that cannot take as long as it usually does. */
      readonly spreadMs?: Milliseconds;
      /** Whether it may examine itself for a leak after its last request. */
      readonly autopsy: boolean;
    }
  /** Find out where it hangs. */
  | { readonly type: 'examine-hang'; readonly id: string; readonly silentMs: Milliseconds }
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

/** The version that a keeper begins with. */
export const FIRST_VERSION = 1;

/** A keeper that has started nothing yet; its first tick does. */
export function initialState(policy: Policy, atMs: Milliseconds): KeeperState {
  const seat: Seat = {
    version: FIRST_VERSION,
    restarts: 0,
    failures: 0,
    openAtMs: atMs,
    filledBefore: false,
  };
  return {
    policy,
    mode: 'starting',
    seats: Array.from({ length: policy.workers }, () => seat),
    workers: [],
    recycleQueue: [],
    replacement: null,
    rollout: null,
    usualPerSecond: null,
    spareFits: policy.surge,
    tickedMs: atMs,
  };
}
