import { seededRandom } from '../../load/random.ts';

/** Random choices from a seed. */
export interface Draw {
  /** Between 0 and 1. */
  next(): number;
  between(low: number, high: number): number;
  /** Evenly on a logarithmic scale: as often from 1 to 10 as from 10 to 100. */
  scaled(low: number, high: number): number;
  chance(probability: number): boolean;
  of<T>(choices: readonly [T, ...T[]]): T;
}

export function drawFrom(seed: number): Draw {
  const next = seededRandom(seed);
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    scaled: (low, high) => low * (high / low) ** next(),
    chance: (probability) => next() < probability,
    of: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}
