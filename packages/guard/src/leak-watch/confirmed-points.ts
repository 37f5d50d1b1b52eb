import type { Milliseconds } from '@maque/kit';
import { type ConfirmedPoint, LEAST_APART_MS } from './confirmation.ts';

// 200 bytes each. Doubling their distance whenever it is full, this spans days.
const MOST_POINTS = 16;

// What an app loads and fills first comes in the first quarter of its life, however long that is.
const WARM_SHARE = 0.25;

/** What lived at some moments of the past, as forced collections left it; few, and spread over the whole time. */
export class ConfirmedPoints {
  #points: readonly ConfirmedPoint[] = [];
  #apartMs: Milliseconds = LEAST_APART_MS;

  get length(): number {
    return this.#points.length;
  }

  add(point: ConfirmedPoint): void {
    const last = this.#points.at(-1);
    if (last !== undefined && point.uptimeMs - last.uptimeMs < this.#apartMs) return;
    this.#points = [...this.#points, point];
    if (this.#points.length <= MOST_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#apartMs *= 2;
  }

  /** The oldest one that is behind the warm-up and far enough from `now` to be compared with it. */
  before(now: ConfirmedPoint): ConfirmedPoint | undefined {
    return this.#points.find(
      ({ uptimeMs }) => uptimeMs >= now.uptimeMs * WARM_SHARE && now.uptimeMs - uptimeMs >= LEAST_APART_MS,
    );
  }
}
