import type { Bytes, Milliseconds } from '@maque/kit';

/**
 * What the guard itself costs. Time is that of its synchronous work on the wall, never less than its CPU time, and what
 * Node takes to tell it of collections. Not CPU time itself: the kernel brings a thread's account up to date when it is
 * switched or ticks (4 ms), so that a difference over 0.2 ms is nearly always zero (measured: a third of the true sum). What it adds to each request is not in it, since looking at the clock would cost
 * more than that: 0.01 µs where the app names its routes, 0.3 where they are counted for it.
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
