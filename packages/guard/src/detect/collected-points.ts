import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import { type LowPoint, type SeriesPoint, ThinnedSeries } from './thinned-series.ts';

/** One estimate of what lives in a pool. */
export interface LivePoint {
  readonly atMs: Milliseconds;
  readonly mebibytes: number;
  /** 1 for a measured floor, more for one that was forced, less for a bound that garbage may have lifted. */
  readonly weight: number;
  readonly requests: readonly number[];
}

export const STEP_MS: Milliseconds = 4_000;
// Half a year of history.
export const CAPACITY = 300;
const TAIL_CAPACITY = 64;
const GARBAGE_LEARNING = 0.5;
// What was in use held no more garbage than this: it is as good as a floor.
const NEXT_TO: Bytes = MiB / 2;
// A tail that is doubted counts for next to nothing: it still says that time has passed.
const DOUBTED = 0.005;

export interface CollectedPointsOptions {
  /**
   * Memory in which garbage is not usual: from this share of it on in what one interval gathered, the rise of the next one
   * says nothing, and below it all minima have been true. Null where garbage is usual, and learnt.
   */
  readonly doubtedShare: number | null;
}

/**
 * What lives in memory that a collector empties now and then: floors right after a major collection, and since the last
 * one (the tail) minima, less the garbage that earlier intervals had gathered by then.
 */
export class CollectedPoints {
  readonly #floors = new ThinnedSeries({ stepMs: STEP_MS, capacity: CAPACITY });
  readonly #tail = new ThinnedSeries({ stepMs: STEP_MS, capacity: TAIL_CAPACITY });
  readonly #doubtedShare: number | null;
  #floor: SeriesPoint | null = null;
  #garbagePerMs = 0;
  #isDoubted = false;

  constructor({ doubtedShare }: CollectedPointsOptions) {
    this.#doubtedShare = doubtedShare;
  }

  /** When it was last known what lives. */
  get floorAtMs(): Milliseconds | null {
    return this.#floor?.atMs ?? null;
  }

  addFloor(floor: SeriesPoint): void {
    if (this.#floor === null) this.#keepEarlier(floor);
    else this.#learnGarbage(this.#floor, floor.value);
    if (this.#doubtedShare !== null && this.#floor !== null && !this.#isDoubted) this.#keepTail(floor);
    this.#floors.add(floor);
    this.#floor = floor;
    this.#tail.clear();
  }

  /** What is in use: not less than what lives. */
  addBound(bound: SeriesPoint): void {
    this.#tail.add(bound);
  }

  points(): LivePoint[] {
    const points = this.#floors.points.map((low) => livePoint(low, low.value, low.weight));
    const trust = this.#isDoubted ? DOUBTED : 1;
    for (const low of this.#tail.points) {
      const sinceMs = this.#floor === null ? STEP_MS : low.atMs - this.#floor.atMs;
      if (sinceMs < STEP_MS) continue;
      const garbage = this.#floor === null ? 0 : this.#garbagePerMs * sinceMs;
      points.push(livePoint(low, low.value - garbage, low.weight * trust));
    }
    return points;
  }

  /** What was not in use before the first floor did not live then: the process has grown since, not from its start. */
  #keepEarlier(floor: SeriesPoint): void {
    for (const low of this.#tail.points) {
      if (low.toMs < floor.atMs && low.value < floor.value + NEXT_TO) this.#floors.add(low);
    }
  }

  #keepTail(floor: SeriesPoint): void {
    for (const low of this.#tail.points) {
      if (low.toMs < floor.atMs) this.#floors.add(low);
    }
  }

  /** From the last minimum before a collection: what of it the collection took, over the time it had gathered. */
  #learnGarbage(before: SeriesPoint, floor: Bytes): void {
    const last = this.#tail.points.at(-1);
    if (last === undefined || last.atMs - before.atMs < STEP_MS) return;
    const garbage = Math.max(0, last.value - floor);
    const perMs = garbage / (last.atMs - before.atMs);
    this.#garbagePerMs += (perMs - this.#garbagePerMs) * GARBAGE_LEARNING;
    const share = garbage / Math.max(MiB, last.value - before.value);
    this.#isDoubted = this.#doubtedShare !== null && share >= this.#doubtedShare;
  }
}

export function livePoint(low: LowPoint, value: Bytes, weight: number): LivePoint {
  return { atMs: low.atMs, mebibytes: value / MiB, weight, requests: low.requests };
}
