import { MiB, type Milliseconds, SECOND } from '@maque/kit';
import { CAPACITY, CollectedPoints, type LivePoint, livePoint, STEP_MS } from './collected-points.ts';
import type { DetectorSample } from './detector-sample.ts';
import { type SeriesPoint, ThinnedSeries } from './thinned-series.ts';

// What has been promoted since the last major collection is part garbage, always.
const TAIL_WEIGHT = 0.35;
// V8 marks while the app runs, and what was allocated meanwhile counts as alive till the next time: its floors stray by some
// MiB. One that was forced has nothing of that.
const EXACT_WEIGHT = 4;
// Where a tenth of what external memory gathered was garbage, the rest may be, next time: a ring of Buffers that is full
// rises as fast as when it filled.
const DOUBTED_SHARE = 0.1;
// V8 gives dead Buffers back on a thread of its own: 30 MiB took 1.0 s on a busy machine.
const SWEEP_MS: Milliseconds = 2 * SECOND;
// Of the heap that V8 has committed beyond what it has ever used, this much may still be untouched.
const UNTOUCHED_SHARE = 0.5;

/** What lives in the JS heap: the floor after each major collection, and `heapUsed` after each minor one since. */
export class HeapLivePoints {
  readonly #points = new CollectedPoints({ doubtedShare: null });
  #minors: number | null = null;

  /** When it was last known what lives. */
  get certainAtMs(): Milliseconds | null {
    return this.#points.floorAtMs;
  }

  push(sample: DetectorSample): void {
    const { atMs, heapFloor, heapFloorAtMs, requests } = sample;
    if (heapFloor !== null && heapFloorAtMs !== null && heapFloorAtMs > (this.certainAtMs ?? -Infinity)) {
      const weight = sample.isFloorExact ? EXACT_WEIGHT : 1;
      this.#points.addFloor({ atMs: heapFloorAtMs, value: heapFloor, weight, requests });
    }
    // Between two minor collections `heapUsed` climbs by the whole young generation: only after one is it a bound.
    const collected = sample.minors === null || sample.minors !== this.#minors;
    this.#minors = sample.minors;
    if (collected) this.#points.addBound({ atMs, value: sample.heapUsed, weight: TAIL_WEIGHT, requests });
  }

  points(): LivePoint[] {
    return this.#points.points();
  }
}

/**
 * Memory outside the heap that JS objects own: what is left of it after major collections, and its minima since, for
 * bodies of requests in flight come on top. V8 collects when it has grown by 64 MiB, if not before; till then all that
 * has come may be Buffers that nobody holds.
 */
export class ExternalLivePoints {
  readonly #points = new CollectedPoints({ doubtedShare: DOUBTED_SHARE });
  #majorAtMs: Milliseconds | null = null;
  #swept: SeriesPoint | null = null;

  /** When it was last known what lives. */
  get certainAtMs(): Milliseconds | null {
    return this.#points.floorAtMs;
  }

  push({ atMs, heapFloorAtMs, external, requests }: DetectorSample): void {
    if (heapFloorAtMs !== null && heapFloorAtMs > (this.#majorAtMs ?? -Infinity)) {
      this.#majorAtMs = heapFloorAtMs;
      this.#swept ??= { atMs, value: external, weight: 1, requests };
    }
    if (this.#swept === null) {
      this.#points.addBound({ atMs, value: external, weight: 1, requests });
      return;
    }
    if (external < this.#swept.value) this.#swept = { ...this.#swept, value: external };
    if (atMs - this.#swept.atMs < SWEEP_MS) return;
    this.#points.addFloor(this.#swept);
    this.#swept = null;
  }

  points(): LivePoint[] {
    return this.#points.points();
  }
}

/**
 * Memory that neither V8 nor its objects own. V8 commits semi-spaces long before it touches them and keeps pages that it
 * has given up, so resident memory less `heapTotal` is wrong both ways by their size (65 MiB with the default semi-space
 * of a large machine). Less the largest `heapTotal` so far it is a lower bound, and only new heights of it count.
 */
export class NativeLivePoints {
  /** Nobody collects it. */
  readonly certainAtMs = null;
  readonly #lows = new ThinnedSeries({ stepMs: STEP_MS, capacity: CAPACITY });
  #largestHeap = 0;
  #largestUse = 0;

  /** MiB of heap that may still be touched for the first time: a rise by this much is no growth. */
  get slackMebibytes(): number {
    return ((this.#largestHeap - this.#largestUse) * UNTOUCHED_SHARE) / MiB;
  }

  push(sample: DetectorSample): void {
    this.#largestHeap = Math.max(this.#largestHeap, sample.heapTotal);
    this.#largestUse = Math.max(this.#largestUse, sample.heapUsed);
    if (sample.resident === null) return;
    const value = sample.resident - this.#largestHeap - sample.external;
    this.#lows.add({ atMs: sample.atMs, value, weight: 1, requests: sample.requests });
  }

  points(): LivePoint[] {
    let highest = Number.NEGATIVE_INFINITY;
    return this.#lows.points.map((low) => {
      highest = Math.max(highest, low.value);
      return livePoint(low, highest, low.weight);
    });
  }
}
