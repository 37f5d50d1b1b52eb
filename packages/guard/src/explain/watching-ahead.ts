import type { Pool, PoolVerdict } from '../detect/verdict.ts';
import type { Investigation } from './investigation.ts';

/** Watching that has begun before anybody knew what for, or that could not be read when it ought to. */
interface Ahead {
  readonly pool: Pool;
  readonly investigation: Promise<Investigation>;
}

export interface WatchingAheadOptions {
  /** Waits until an investigation is as old as it may be. @throws what ends the guard. */
  readonly outlive: (investigation: Investigation) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Holds one investigation for whoever may want it, and ends it in time when nobody does. */
export class WatchingAhead {
  readonly #options: WatchingAheadOptions;
  #ahead: Ahead | null = null;

  constructor(options: WatchingAheadOptions) {
    this.#options = options;
  }

  /** The pool that it is for; null when nothing is watched ahead. */
  get pool(): Pool | null {
    return this.#ahead?.pool ?? null;
  }

  hold(pool: Pool, investigation: Promise<Investigation>): void {
    const ahead = { pool, investigation };
    this.#ahead = ahead;
    this.#endInTime(ahead).catch(this.#options.onFailure);
  }

  /** What has been watched already, if it was the same pool: others are sampled at another distance. */
  take(verdict: PoolVerdict | null): Promise<Investigation> | null {
    const ahead = this.#ahead;
    if (ahead === null) return null;
    this.#ahead = null;
    if (verdict === null || verdict.pool === ahead.pool) return ahead.investigation;
    ahead.investigation.then((investigation) => investigation.stop()).catch(() => {});
    return null;
  }

  /** Ends what was begun in vain. */
  async #endInTime(ahead: Ahead): Promise<void> {
    const investigation = await ahead.investigation;
    try {
      await this.#options.outlive(investigation);
    } finally {
      if (this.#ahead === ahead) {
        this.#ahead = null;
        investigation.stop();
      }
    }
  }
}
