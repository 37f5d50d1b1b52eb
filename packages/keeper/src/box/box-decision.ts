import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import type { PressureLevel } from '../protocol/messages.ts';

/** One thing that makes the box short of memory. */
export type BoxReason =
  | {
      readonly code: 'box-full';
      readonly kind: 'cgroup' | 'machine';
      readonly usedBytes: Bytes;
      readonly limitBytes: Bytes;
    }
  /** At the present pace of what grows beyond its budget. */
  | { readonly code: 'limit-near'; readonly limitInMs: Milliseconds; readonly bytesPerSecond: number }
  | { readonly code: 'memory-stall'; readonly share: number }
  | {
      readonly code: 'worker-grew';
      readonly worker: string;
      readonly bytes: Bytes;
      readonly budgetBytes: Bytes;
      readonly bytesPerSecond: number;
    }
  | {
      readonly code: 'neighbour-grew';
      readonly name: string;
      readonly bytes: Bytes;
      readonly bytesPerSecond: number;
    };

/** Why a worker is to go. */
export type VerdictCode =
  /** It comes near its budget and rises steadily. */
  | 'budget'
  /** V8 is about to abort it for want of heap. */
  | 'heap'
  /** It is over its budget, grows, and the box will not hold it for long. */
  | 'box'
  /** It has stopped far over its budget, and the box is full. */
  | 'full'
  /** Somebody else took the memory, shedding load did not help, and this is all that is left. */
  | 'neighbour'
  /** It reaches the limit before anything gentler could be done. */
  | 'limit';

/** One worker and the numbers that speak against it. */
export interface WorkerVerdict {
  readonly worker: string;
  readonly code: VerdictCode;
  readonly bytes: Bytes;
  readonly budgetBytes: Bytes;
  readonly bytesPerSecond: number;
  /** What is left in the box, or in V8's heap where that is what runs out. */
  readonly roomBytes: Bytes;
}

/** A worker whose connections are to go to the others at once. */
export interface Evacuation {
  readonly worker: string;
  /** How long its heap lasts at the pace of its last collections; 0 when nobody knows. */
  readonly withinMs: Milliseconds;
}

/** What the keeper ought to do about the box now. */
export interface BoxDecision {
  readonly level: PressureLevel;
  /** Everything that is short, and who grows; empty at level `none`. */
  readonly reasons: readonly BoxReason[];
  /** To be replaced: drained, and a new one started. */
  readonly recycle: WorkerVerdict | null;
  /** To be killed at once, before the kernel chooses. */
  readonly kill: WorkerVerdict | null;
  /** Its heap is full before a successor could serve: its connections are to go to the others at once. */
  readonly evacuate: Evacuation | null;
  /** A new worker fits beside all that run: it may start before the old one goes. */
  readonly spareFits: boolean;
}

/** What the judge remembers from one look to the next. */
export interface BoxMemory {
  readonly level: PressureLevel;
  /** Since when a lower level would do. */
  readonly calmerSinceMs: Milliseconds | null;
  /** Since when the box is critical. */
  readonly criticalSinceMs: Milliseconds | null;
  /** The last worker that was to be replaced, and the last to be killed. */
  readonly recycled: AskedFor | null;
  readonly killed: AskedFor | null;
  /** The last one that was to let go of its connections. */
  readonly evacuated: { readonly pid: number } | null;
  /** How many were replaced for their budget's sake; the more, the more is overlooked. */
  readonly budgetRecycles: number;
  readonly budgetRecycledMs: Milliseconds;
  readonly neighbourRecycledMs: Milliseconds;
}

interface AskedFor {
  readonly code: VerdictCode;
  readonly pid: number;
  readonly atMs: Milliseconds;
}

/** What a fresh worker takes until it serves: 45 MiB of its own for a bare program, 86 with a framework and drivers. */
export const FRESH_BYTES: Bytes = 64 * MiB;

export const FRESH_MEMORY: BoxMemory = {
  level: 'none',
  calmerSinceMs: null,
  criticalSinceMs: null,
  recycled: null,
  killed: null,
  evacuated: null,
  budgetRecycles: 0,
  budgetRecycledMs: Number.NEGATIVE_INFINITY,
  neighbourRecycledMs: Number.NEGATIVE_INFINITY,
};

/** What a judgement goes by besides the view. */
export interface BoxRules {
  /** How long a replacement takes at the worst: a drain and a start. */
  readonly recycleMs: Milliseconds;
}
