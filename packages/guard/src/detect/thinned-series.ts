import type { Milliseconds } from '@maque/kit';

export interface SeriesPoint {
  readonly atMs: Milliseconds;
  readonly value: number;
  /** What it counts for: 1 unless it is more exact, or less, than others. */
  readonly weight: number;
  /** Requests of each route served by then. */
  readonly requests: readonly number[];
}

/** The lowest point of one stretch of time. */
export interface LowPoint extends SeriesPoint {
  readonly fromMs: Milliseconds;
  readonly toMs: Milliseconds;
}

// A stretch that is 14 times as old as it is long keeps its place on a straight line within 7 %; a day then takes about
// 160 points, two months 240.
const AGE_PER_WIDTH = 14;

export interface ThinnedSeriesOptions {
  /** Points closer together than this become one. */
  readonly stepMs: Milliseconds;
  /** Points kept; then the oldest goes. */
  readonly capacity: number;
}

/**
 * Minima over stretches of time that get longer with age: seconds are told apart in the last minute, hours in the last
 * day. Minima, since what is in use for a moment (a request's own memory, garbage) only ever adds to what really lives.
 */
export class ThinnedSeries {
  readonly #stepMs: Milliseconds;
  readonly #capacity: number;
  #points: LowPoint[] = [];

  /** @throws RangeError when `stepMs` is not positive or `capacity` not a positive integer. */
  constructor(options: ThinnedSeriesOptions) {
    const { stepMs, capacity } = options;
    if (!(stepMs > 0)) throw new RangeError(`stepMs must be positive, not ${stepMs}`);
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity must be a positive integer, not ${capacity}`);
    }
    this.#stepMs = stepMs;
    this.#capacity = capacity;
  }

  get points(): readonly LowPoint[] {
    return this.#points;
  }

  clear(): void {
    this.#points = [];
  }

  /** Adds a point whose time does not go back. */
  add(point: SeriesPoint): void {
    const last = this.#points.at(-1);
    const added = lowPoint(point, point.atMs, point.atMs);
    if (last !== undefined && point.atMs - last.fromMs < this.#stepMs) {
      this.#points[this.#points.length - 1] = joined(last, added);
    } else {
      this.#points.push(added);
      this.#thin(point.atMs);
    }
  }

  /** Joins neighbours that are short for their age, from young to old. */
  #thin(nowMs: Milliseconds): void {
    const kept: LowPoint[] = [];
    for (let index = this.#points.length - 1; index >= 0; index -= 1) {
      const point = this.#points[index] as LowPoint;
      const younger = kept.at(-1);
      if (younger !== undefined && younger.toMs - point.fromMs <= (nowMs - younger.toMs) / AGE_PER_WIDTH) {
        kept[kept.length - 1] = joined(point, younger);
      } else {
        kept.push(point);
      }
    }
    kept.length = Math.min(kept.length, this.#capacity);
    this.#points = kept.reverse();
  }
}

function joined(older: LowPoint, younger: LowPoint): LowPoint {
  const lowest = younger.value < older.value ? younger : older;
  return lowPoint(lowest, older.fromMs, younger.toMs);
}

/** Field by field: an object that is spread and then extended takes half as much again. */
function lowPoint(point: SeriesPoint, fromMs: Milliseconds, toMs: Milliseconds): LowPoint {
  const { atMs, value, weight, requests } = point;
  return { atMs, value, weight, requests, fromMs, toMs };
}
