import type { Bytes, Milliseconds } from '@maque/kit';

/**
 * What the guard itself costs. Time is that of its synchronous work (see `createWorkWatch`), pauses for collections that it
 * forced, and what Node takes to tell it of others and to measure how late the loop is. What it adds to each request is not in
 * it, since looking at the clock would cost more than that: 0.01 µs where the app names its routes, 0.3 where they are counted
 * for it.
 */
export interface GuardCost {
  readonly samples: number;
  readonly totalMs: Milliseconds;
  /** Mean of one sample, listeners included. */
  readonly microsecondsPerSample: number;
  /** Arrays and names that the guard keeps. */
  readonly memory: Bytes;
}

/** Adds up the guard's own time. */
export class OwnCost {
  #samples = 0;
  #sampleMs = 0;
  #otherMs = 0;

  addSample(ms: Milliseconds): void {
    this.#samples += 1;
    this.#sampleMs += Math.max(0, ms);
  }

  addOther(ms: Milliseconds): void {
    this.#otherMs += Math.max(0, ms);
  }

  read(memory: Bytes): GuardCost {
    return {
      samples: this.#samples,
      totalMs: this.#sampleMs + this.#otherMs,
      microsecondsPerSample: this.#samples === 0 ? 0 : (this.#sampleMs * 1000) / this.#samples,
      memory,
    };
  }
}
