import type { Bytes, Milliseconds } from '@maque/kit';
import type { GrowthBelief } from './growth-tally.ts';

export type Pool = 'heap' | 'external' | 'native';
export const POOLS: readonly Pool[] = ['heap', 'external', 'native'];

/**
 * `not-enough-evidence`: too few points yet. `warming-up`: it has grown since the process began, as most do. `growing`: it
 * began to grow later. `leaking`: it has grown for longer or further than what is bounded does.
 */
export type Verdict = 'warming-up' | 'not-enough-evidence' | 'healthy' | 'growing' | 'leaking';

/** What is known of one pool at one moment. */
export interface PoolVerdict {
  readonly pool: Pool;
  readonly verdict: Verdict;
  /** That the limit is reached within the horizon. */
  readonly probability: number;
  /** That there is growth without a bound, however slow. */
  readonly leakProbability: number;
  /** That it grows, bounded or not. */
  readonly growthProbability: number;
  /** Of the growth that goes on, if there is any; with the interval that holds it nine times of ten. */
  readonly bytesPerSecond: number;
  readonly bytesPerSecondInterval: readonly [low: number, high: number];
  /** What lives in the pool now, and what it may grow to; null when the box has no limit that is known. */
  readonly level: Bytes;
  readonly limit: Bytes | null;
  readonly timeToLimitMs: Milliseconds | null;
}

// The probability from which a verdict is spoken. Four of five is enough for "it grows", which asks for a closer look;
// "it leaks" may cost a worker.
const GROWING = 0.8;
const LEAKING = 0.9;

export function verdictOf(belief: GrowthBelief): Verdict {
  if (belief.leaking >= LEAKING) return 'leaking';
  if (belief.growing < GROWING) return 'healthy';
  return belief.sinceStart > belief.growing / 2 ? 'warming-up' : 'growing';
}
