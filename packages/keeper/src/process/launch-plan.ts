import type { Bytes } from '@maque/kit';
import type { OutputMode } from './worker-output.ts';

export interface WorkerLimits {
  /** V8's old generation in MiB (`--max-old-space-size`). */
  readonly oldSpaceMb: number;
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
