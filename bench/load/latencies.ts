import { createHistogram } from 'node:perf_hooks';
import type { Milliseconds } from '@maque/kit';

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Longer than anybody waits; it bounds the histogram to some 200 KB. */
const LONGEST_MICROS = 600 * 1_000_000;

/** Latencies, to three figures. */
export class Latencies {
  readonly #histogram = createHistogram({ figures: 3, highest: LONGEST_MICROS });

  get count(): number {
    return this.#histogram.count;
  }

  add(ms: Milliseconds): void {
    // The histogram counts whole microseconds from 1.
    this.#histogram.record(Math.min(LONGEST_MICROS, Math.max(1, Math.round(ms * 1_000))));
  }

  /** All 0 when there was nothing to count. */
  summary(): Latency {
    if (this.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
    return {
      p50Ms: this.#histogram.percentile(50) / 1_000,
      p99Ms: this.#histogram.percentile(99) / 1_000,
      maxMs: this.#histogram.max / 1_000,
    };
  }
}
