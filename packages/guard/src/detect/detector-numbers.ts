import type { NoisePrior } from './growth-fit.ts';
import { ALLOCATOR_PRIOR, GROWTH_PRIOR, type GrowthPrior } from './growth-prior.ts';
import type { Pool } from './verdict.ts';

/** What is believed of a pool before it has been watched. */
export interface PoolNumbers {
  /** MiB by which points stray in healthy recordings. */
  readonly noise: NoisePrior;
  readonly prior: GrowthPrior;
  /**
   * So much of the time since the last major collection does not count for how long growth has gone on: it may have ended
   * since, and garbage gone on.
   */
  readonly doubt: number;
  /** Fewer points than this within a growth may be steps: two make one. */
  readonly leastGrown: number;
  /** MiB of growth that are noticed however far the limit is: several times what points stray. */
  readonly noticeable: number;
}

export type DetectorNumbers = Readonly<Record<Pool, PoolNumbers>>;

/**
 * Floors of the heap are rare and exact; the other pools are read with every sample. What gathers in the heap is garbage in
 * part, which is learnt; of external memory all or nothing is; native memory is not collected.
 */
export const DETECTOR_NUMBERS: DetectorNumbers = {
  heap: { noise: { sigma: 1.1, worth: 2 }, prior: GROWTH_PRIOR, doubt: 0.4, leastGrown: 3, noticeable: 6 },
  external: { noise: { sigma: 0.8, worth: 2 }, prior: GROWTH_PRIOR, doubt: 1, leastGrown: 4, noticeable: 5 },
  native: {
    noise: { sigma: 3.5, worth: 2 },
    prior: ALLOCATOR_PRIOR,
    doubt: 0,
    leastGrown: 6,
    noticeable: 30,
  },
};
