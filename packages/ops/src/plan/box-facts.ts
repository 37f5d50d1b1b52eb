import type { Bytes } from '@maque/kit';

/** Who sets the bound on the memory that this process may use. */
export type MemoryBound = 'box' | 'cgroup-v1' | 'cgroup-v2';

/** What the planner needs to know of the place where it plans. */
export interface BoxFacts {
  /** The whole memory behind `bound`: MemTotal of the box, or the tightest cgroup limit above this process. */
  readonly memoryBytes: Bytes;
  readonly bound: MemoryBound;
  /** Cores that this process may run on. */
  readonly cores: number;
}
