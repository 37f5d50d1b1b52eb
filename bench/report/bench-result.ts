import type { OverloadResult } from '../faults/overload.ts';
import type { RecycleResult } from '../faults/recycle.ts';
import type { SmallBoxResult } from '../faults/small-box.ts';
import type { WorkerKillResult } from '../faults/worker-kill.ts';
import type { MachineFacts } from '../measure/machine.ts';
import type { ColdStart } from '../runs/cold-start.ts';
import type { ShopRound } from '../runs/shop-round.ts';

/** The parts of the benchmark, in the order in which they run. */
export const PARTS = ['shop', 'cold-start', 'faults', 'overload', 'cgroup'] as const;
export type Part = (typeof PARTS)[number];

/** A part that ended with an error instead of figures. */
export interface BrokenPart {
  readonly part: Part;
  readonly error: string;
}

/** Everything that one benchmark measured; parts that did not run are absent. */
export interface BenchResult {
  readonly machine: MachineFacts;
  readonly rounds: number;
  readonly seconds: number;
  readonly broken: readonly BrokenPart[];
  /** All rounds, as they ran. */
  readonly shop?: readonly ShopRound[];
  readonly coldStarts?: readonly ColdStart[];
  readonly workerKill?: WorkerKillResult;
  readonly recycle?: RecycleResult;
  readonly overload?: OverloadResult;
  readonly smallBox?: SmallBoxResult;
}
