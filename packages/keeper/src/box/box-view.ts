import type { Bytes, Milliseconds } from '@maque/kit';
import type { WorkerPhase } from '../policy/model.ts';
import type { Growth } from './growth-track.ts';
import type { HeapOutlook } from './heap-track.ts';
import type { Neighbour } from './neighbours.ts';
import type { OomKills } from './oom-kills.ts';

/** A worker as the supervisor knows it. */
export interface WatchedWorker {
  readonly id: string;
  readonly pid: number;
  readonly phase: WorkerPhase;
  readonly budgetBytes: Bytes;
  /** Its last heartbeat as it came. */
  readonly status: unknown;
}

/** A worker's memory as the keeper sees it from outside, and what it tells of its heap. */
export interface WorkerView {
  readonly id: string;
  readonly pid: number;
  readonly phase: WorkerPhase;
  readonly budgetBytes: Bytes;
  /** Its own pages and its part of the program's: comparable with its budget. */
  readonly growth: Growth;
  /** What it cannot do without, when that rises steadily, garbage of V8 not counted. */
  readonly risingFloor: { readonly bytes: Bytes; readonly risenBytes: Bytes } | null;
  readonly heap: HeapOutlook | null;
}

/** The box at one moment: the control group or the machine, whichever has less room left. */
export interface BoxView {
  /** Monotonic. */
  readonly atMs: Milliseconds;
  readonly kind: 'cgroup' | 'machine';
  readonly limitBytes: Bytes;
  /** In use and not to be had back by dropping page cache; null where nobody tells. */
  readonly usedBytes: Bytes | null;
  readonly swapUsedBytes: Bytes;
  /** Free swap that a process may still be moved to before the kernel kills; none in a control group. */
  readonly swapFreeBytes: Bytes;
  /** Share of the last ten seconds in which nothing could run for lack of memory; null where nobody tells. */
  readonly stall: number | null;
  readonly workers: readonly WorkerView[];
  /** All that is not a worker's: neighbours, the keeper, the kernel's own. */
  readonly others: Growth | null;
  /** The largest by name. */
  readonly neighbours: readonly Neighbour[];
  readonly oomKills: OomKills;
}
