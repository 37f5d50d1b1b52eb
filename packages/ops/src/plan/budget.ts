import type { Bytes, Text } from '@maque/kit';
import type { MemoryBound } from './box-facts.ts';

/** One term of the sum. `bytes` is `count × bytesEach`. */
export interface BudgetLine {
  readonly code: string;
  readonly name: Text;
  readonly count: number;
  readonly bytesEach: Bytes;
  readonly bytes: Bytes;
  /** How `bytesEach` came about, in numbers that read the same in every language; sizes in MiB. */
  readonly formula: string;
  /** Where the numbers of the formula come from. */
  readonly source: Text;
}

/** Where the bound of the whole sum comes from. */
export interface BudgetBasis {
  readonly bound: MemoryBound;
  readonly memoryBytes: Bytes;
  /** Set aside for the operating system; zero inside a cgroup, where it lives outside. */
  readonly osBytes: Bytes;
  /** What the user allowed, where they said so. */
  readonly toldBytes: Bytes | undefined;
  /** The bound of the sum. */
  readonly limitBytes: Bytes;
}

/** What one worker gets: the flags that hold its process to its lines of the sum. */
export interface WorkerBudget {
  /** `--max-old-space-size`, in MiB. */
  readonly oldSpaceMb: number;
  /** `--max-semi-space-size`, in MiB. */
  readonly semiSpaceMb: number;
  /** All that the worker may hold, with its share of the program pages: comparable with its PSS. */
  readonly budgetBytes: Bytes;
  /** The kernel kills the process with the highest value first: a worker, never the keeper or sshd. */
  readonly oomScoreAdj: number;
}

/** The settings that hold a worker of ours to its lines outside the heap. */
export interface ServerLimits {
  readonly cacheBytes: Bytes;
  /** Page cache of both SQLite connections together. */
  readonly sqliteCacheBytes: Bytes;
  /** Bodies of all requests in flight together, as they come in. */
  readonly bodyMemoryBytes: Bytes;
  /** Requests that may be worked on at once. */
  readonly maxConcurrent: number;
  /** Sockets that may be open at once. */
  readonly maxConnections: number;
}

/** A sum that fits: `lines` add up to `basis.limitBytes` to the byte. */
export interface Budget {
  readonly fits: true;
  readonly basis: BudgetBasis;
  readonly lines: readonly BudgetLine[];
  readonly workers: number;
  readonly perWorker: WorkerBudget;
  /** Per worker; undefined for a program that is not ours, since nothing there would obey them. */
  readonly server: ServerLimits | undefined;
  /** A replacement may start before the old worker goes: there is room for a fresh one beside all that run. */
  readonly spareFits: boolean;
  /** What the keeper's process may hold, with its share of the program pages. */
  readonly keeperBytes: Bytes;
}

/** What makes the plan fit without any of the other changes. */
export type SmallestChange =
  | { readonly code: 'FEWER_WORKERS'; readonly workers: number }
  /** Say another budget. */
  | { readonly code: 'SET_MEMORY'; readonly memoryBytes: Bytes }
  /** Raise the bound behind the budget, the box's memory or the cgroup's limit; and say `toldBytes`, where given. */
  | { readonly code: 'RAISE_BOUND'; readonly memoryBytes: Bytes; readonly toldBytes: Bytes | undefined };

/** A sum that does not fit even with every part at its least; `lines` add up to `neededBytes`. */
export interface DoesNotFit {
  readonly fits: false;
  readonly basis: BudgetBasis;
  readonly lines: readonly BudgetLine[];
  readonly workers: number;
  readonly neededBytes: Bytes;
  readonly availableBytes: Bytes;
  /** Smallest first. */
  readonly changes: readonly SmallestChange[];
}
