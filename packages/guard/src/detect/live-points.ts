import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import type { DetectorSample } from './detector-sample.ts';
import { type LowPoint, ThinnedSeries } from './thinned-series.ts';

/** One estimate of what lives in a pool. */
export interface LivePoint {
  readonly atMs: Milliseconds;
  readonly mebibytes: number;
  /** 1 for a measured floor, more for one that was forced, less for a bound that garbage may have lifted. */
  readonly weight: number;
  readonly requests: readonly number[];
}

const STEP_MS: Milliseconds = 4_000;
// Half a year of history.
const CAPACITY = 300;
const TAIL_CAPACITY = 64;
// What has been promoted since the last major collection is part garbage; how much is learnt from the intervals before.
const TAIL_WEIGHT = 0.35;
// V8 marks while the app runs, and what was allocated meanwhile counts as alive till the next time: its floors stray by some
// MiB. One that was forced has nothing of that.
const EXACT_WEIGHT = 4;
const GARBAGE_LEARNING = 0.5;
// Of the heap that V8 has committed beyond what it has ever used, this much may still be untouched.
const UNTOUCHED_SHARE = 0.5;

/**
 * What lives in the JS heap: the floor after each major collection, and since the last one `heapUsed` after each minor
 * one, less the garbage that earlier intervals had gathered by then.
 */
export class HeapLivePoints {
  readonly #floors = new ThinnedSeries({ stepMs: STEP_MS, capacity: CAPACITY });
  readonly #tail = new ThinnedSeries({ stepMs: STEP_MS, capacity: TAIL_CAPACITY });
  #floorAtMs: Milliseconds | null = null;
  #minors: number | null = null;
  #garbagePerMs = 0;

  push(sample: DetectorSample): void {
    const { heapFloor, heapFloorAtMs, requests } = sample;
    if (heapFloor !== null && heapFloorAtMs !== null && heapFloorAtMs > (this.#floorAtMs ?? -Infinity)) {
      this.#learnGarbage(heapFloor);
      const weight = sample.isFloorExact ? EXACT_WEIGHT : 1;
      this.#floors.add({ atMs: heapFloorAtMs, value: heapFloor, weight, requests });
      this.#floorAtMs = heapFloorAtMs;
      this.#tail.clear();
    }
    // Between two minor collections `heapUsed` climbs by the whole young generation: only after one is it a bound.
    const collected = sample.minors === null || sample.minors !== this.#minors;
    this.#minors = sample.minors;
    if (collected) {
      this.#tail.add({ atMs: sample.atMs, value: sample.heapUsed, weight: TAIL_WEIGHT, requests });
    }
  }

  points(): LivePoint[] {
    const points = this.#floors.points.map(livePoint);
    const floorAtMs = this.#floorAtMs;
    for (const low of this.#tail.points) {
      const sinceMs = floorAtMs === null ? STEP_MS : low.atMs - floorAtMs;
      if (sinceMs < STEP_MS) continue;
      const garbage = floorAtMs === null ? 0 : this.#garbagePerMs * sinceMs;
      points.push({ ...livePoint(low), mebibytes: (low.value - garbage) / MiB });
    }
    return points;
  }

  /** From the last minimum before a collection: what of it the collection took, over the time it had gathered. */
  #learnGarbage(floor: Bytes): void {
    const last = this.#tail.points.at(-1);
    const gatheredMs = last === undefined || this.#floorAtMs === null ? 0 : last.atMs - this.#floorAtMs;
    if (last === undefined || gatheredMs < STEP_MS) return;
    const perMs = Math.max(0, last.value - floor) / gatheredMs;
    this.#garbagePerMs += (perMs - this.#garbagePerMs) * GARBAGE_LEARNING;
  }
}

/** Memory outside the heap that JS objects own: its minima, since bodies of requests in flight come on top. */
export class ExternalLivePoints {
  readonly #lows = new ThinnedSeries({ stepMs: STEP_MS, capacity: CAPACITY });

  push(sample: DetectorSample): void {
    this.#lows.add({ atMs: sample.atMs, value: sample.external, weight: 1, requests: sample.requests });
  }

  points(): LivePoint[] {
    return this.#lows.points.map(livePoint);
  }
}

/**
 * Memory that neither V8 nor its objects own. V8 commits semi-spaces long before it touches them and keeps pages that it
 * has given up, so resident memory less `heapTotal` is wrong both ways by their size (65 MiB with the default semi-space
 * of a large machine). Less the largest `heapTotal` so far it is a lower bound, and only new heights of it count.
 */
export class NativeLivePoints {
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
      return { ...livePoint(low), mebibytes: highest / MiB };
    });
  }
}

function livePoint(low: LowPoint): LivePoint {
  return { atMs: low.atMs, mebibytes: low.value / MiB, weight: low.weight, requests: low.requests };
}
