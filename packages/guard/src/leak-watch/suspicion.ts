import type { PoolVerdict, Verdict } from '../detect/verdict.ts';

/** What several evaluations agree on: `suspected` asks for a closer look, `leaking` may cost a worker. */
export type SuspicionLevel = 'none' | 'suspected' | 'leaking';

// Single evaluations flip near a threshold: two of the last three must say so, three of the last four for the stronger word.
const WINDOW = 4;
const SUSPECTED_VOTES = { of: 3, least: 2 } as const;
const LEAKING_VOTES = { of: 4, least: 3 } as const;
// To take it back, this many in a row must be quiet, which is a minute at the pace of a busy process.
const QUIET_TO_LEAVE = 12;
// Of 27 healthy services recorded none came to more than 0.86.
const ALARMING = 0.9;
// An evaluation says `growing` from 0.8 on, which is worth a closer look and a forced floor; a word to people takes more. Of 27
// healthy services recorded two come under suspicion so, where three did from 0.8 on; leaks are told 0 to 5 s later.
const SUSPICIOUS_GROWTH = 0.9;

/** The hysteresis of one pool: quick to suspect, slow to forget. */
export class Suspicion {
  #level: SuspicionLevel = 'none';
  readonly #verdicts: Verdict[] = [];
  #quiet = 0;

  get level(): SuspicionLevel {
    return this.#level;
  }

  /** Takes the next evaluation's verdict in and answers the level. */
  add(verdict: Verdict): SuspicionLevel {
    this.#verdicts.push(verdict);
    if (this.#verdicts.length > WINDOW) this.#verdicts.shift();
    this.#quiet = isGrowth(verdict) ? 0 : this.#quiet + 1;
    if (this.#count(LEAKING_VOTES.of, (each) => each === 'leaking') >= LEAKING_VOTES.least) {
      this.#level = 'leaking';
    } else if (this.#level === 'none') {
      if (this.#count(SUSPECTED_VOTES.of, isGrowth) >= SUSPECTED_VOTES.least) this.#level = 'suspected';
    } else if (this.#quiet >= QUIET_TO_LEAVE) {
      this.#level = 'none';
    }
    return this.#level;
  }

  #count(of: number, fits: (verdict: Verdict) => boolean): number {
    return this.#verdicts.slice(-of).filter(fits).length;
  }
}

/** Whether an evaluation speaks of growth that is more than a warm-up. */
export function isGrowth(verdict: Verdict): boolean {
  return verdict === 'growing' || verdict === 'leaking';
}

/**
 * What looks like a warm-up and will reach the limit all the same is one that does not fit: it asks for a closer look. Growth
 * that is not sure enough begins no suspicion, but keeps one.
 */
export function voteOf(
  { verdict, probability, growthProbability }: PoolVerdict,
  level: SuspicionLevel,
): Verdict {
  if (probability >= ALARMING) return verdict === 'warming-up' ? 'growing' : verdict;
  const isUnsure = verdict === 'growing' && level === 'none' && growthProbability < SUSPICIOUS_GROWTH;
  return isUnsure ? 'healthy' : verdict;
}
