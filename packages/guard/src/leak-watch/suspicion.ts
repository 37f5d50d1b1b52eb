import type { Verdict } from '../detect/verdict.ts';

/** What several evaluations agree on: `suspected` asks for a closer look, `leaking` may cost a worker. */
export type SuspicionLevel = 'none' | 'suspected' | 'leaking';

// Single evaluations flip near a threshold: two of the last three must say so, three of the last four for the stronger word.
const WINDOW = 4;
const SUSPECTED_VOTES = { of: 3, least: 2 } as const;
const LEAKING_VOTES = { of: 4, least: 3 } as const;
// To take it back, this many in a row must be quiet, which is a minute at the pace of a busy process.
const QUIET_TO_LEAVE = 12;

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
