import type { Bytes } from '@maque/kit';
import type { OutputMode } from './worker-output.ts';

export interface WorkerLimits {
  /** What the old generation of V8 is to stay below, in MiB: a worker that comes near it is replaced. */
  readonly oldSpaceMb: number;
  /**
   * How much further V8 lets it grow until it aborts the process, in MiB; nothing unless told. That is for the second in
   * which the others take its connections: a worker that is aborted takes a request of each along.
   */
  readonly heapReserveMb?: number;
  /** V8's semi-space in MiB (`--max-semi-space-size`); V8 adds three of them to the old generation. */
  readonly semiSpaceMb: number;
  /** All that one worker may take; shown beside what it takes. */
  readonly budgetBytes: Bytes;
  /** The kernel's `oom_score_adj`, -1000 to 1000: above the keeper's own, so that it kills a worker first. */
  readonly oomScoreAdj: number;
}

/** How a worker is started. */
export interface LaunchPlan {
  readonly exec: string;
  readonly args: readonly string[];
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly output: OutputMode;
  readonly limits: WorkerLimits;
}
