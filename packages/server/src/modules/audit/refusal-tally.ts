import { type Clock, HOUR, type Milliseconds, RecentMap } from '@maque/kit';

/** What came to nothing of one actor since a time. */
export interface RefusalCount {
  readonly sinceMs: Milliseconds;
  inFull: number;
  /** Those beyond that. */
  more: number;
  /** The entry that tells how many more; undefined until there is one. */
  entry: Promise<string> | undefined;
}

/**
 * Of what was refused, entries an hour of one actor that tell all: more than anybody tries who has not understood what they
 * may. By a program, somebody would need months to push 200,000 others out of the log with it.
 */
const MOST_IN_FULL = 50;
const WINDOW_MS: Milliseconds = HOUR;
/** Members of staff and machines that are refused within an hour. Of one more, what was counted is forgotten. */
const MOST_ACTORS = 1_000;

/** Counts what actors were refused, within bounded memory: nobody is to bury what they have done under it. */
export class RefusalTally {
  readonly #counts = new RecentMap<string, RefusalCount>(MOST_ACTORS);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts some more of one actor, and answers how many of them are to be told in full, beside the count. */
  take(actor: string, count: number): { readonly inFull: number; readonly counted: RefusalCount } {
    const counted = this.#countOf(actor);
    const inFull = Math.min(count, MOST_IN_FULL - counted.inFull);
    counted.inFull += inFull;
    counted.more += count - inFull;
    return { inFull, counted };
  }

  #countOf(actor: string): RefusalCount {
    const nowMs = this.#clock.monotonic();
    const known = this.#counts.get(actor);
    if (known !== undefined && nowMs - known.sinceMs < WINDOW_MS) return known;
    const fresh = { sinceMs: nowMs, inFull: 0, more: 0, entry: undefined };
    this.#counts.set(actor, fresh);
    return fresh;
  }
}
