import type { Milliseconds } from '@maque/kit';
import { type ConfirmedPoint, LEAST_APART_MS } from './confirmation.ts';

// 200 bytes each. Doubling their distance whenever it is full, this spans days.
const MOST_POINTS = 16;

// What an app loads and fills first comes in the first quarter of its life, however long that is.
const WARM_SHARE = 0.25;

/** A moment of the past. Where it is not exact, some of what it says was alive may have been garbage. */
export interface PastPoint extends ConfirmedPoint {
  readonly isExact: boolean;
}

/** What lived at some moments of the past, as collections left it; few, and spread over the whole time. */
export class ConfirmedPoints {
  #points: readonly PastPoint[] = [];
  #apartMs: Milliseconds = LEAST_APART_MS;

  get length(): number {
    return this.#points.length;
  }

  /** Whether a point of this moment would be kept. */
  wants(uptimeMs: Milliseconds): boolean {
    const last = this.#points.at(-1);
    return last === undefined || uptimeMs - last.uptimeMs >= this.#apartMs;
  }

  add(point: PastPoint): void {
    if (!this.wants(point.uptimeMs)) return;
    this.#points = [...this.#points, point];
    if (this.#points.length <= MOST_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#apartMs *= 2;
  }

  /** The oldest one that is behind the warm-up and far enough from `now` to be compared with it. */
  before(now: ConfirmedPoint): PastPoint | undefined {
    return this.#points.find(
      ({ uptimeMs }) => uptimeMs >= now.uptimeMs * WARM_SHARE && now.uptimeMs - uptimeMs >= LEAST_APART_MS,
    );
  }
}
