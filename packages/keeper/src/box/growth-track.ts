import { type Bytes, type Milliseconds, RingBuffer, SECOND } from '@maque/kit';

interface Point {
  readonly atMs: Milliseconds;
  readonly bytes: Bytes;
}

/** Where a size is and where it goes. Rates are in bytes per second, negative while it shrinks. */
export interface Growth {
  readonly bytes: Bytes;
  /** Over the last second: what it may do in the next one. */
  readonly rateNow: number;
  /** The lower one of the last second's rate and the last three's: growth that has begun and goes on. */
  readonly rateLasting: number;
}

// Looks come every 250 ms at the fastest, so 16 cover the longest span and some late ones.
const POINTS = 16;
// A look every second may come late.
const NOW_SPAN_MS: Milliseconds = 1.3 * SECOND;
const LASTING_SPAN_MS: Milliseconds = 3.3 * SECOND;
// Two looks in the same moment say nothing of a rate, and one long gap would dilute a burst.
const LEAST_SPAN_MS: Milliseconds = 200;
const MAX_GAP_MS: Milliseconds = 5 * SECOND;

/** The last few seconds of one size. */
export class GrowthTrack {
  readonly #points = new RingBuffer<Point>(POINTS);

  /** What is no number is left out; a clock that jumped begins a new track. */
  add(atMs: Milliseconds, bytes: Bytes): void {
    if (!Number.isFinite(bytes) || !Number.isFinite(atMs)) return;
    const sinceMs = atMs - (this.#points.at(-1)?.atMs ?? atMs);
    if (sinceMs < 0 || sinceMs > MAX_GAP_MS) this.#points.clear();
    this.#points.push({ atMs, bytes });
  }

  /** Null before the first point. */
  growth(): Growth | null {
    const last = this.#points.at(-1);
    if (last === undefined) return null;
    const rateNow = this.#rateOver(NOW_SPAN_MS, last);
    return {
      bytes: last.bytes,
      rateNow,
      rateLasting: Math.min(rateNow, this.#rateOver(LASTING_SPAN_MS, last)),
    };
  }

  /** From the oldest point within the span; where looks are further apart, the one before the last has to do. */
  #rateOver(spanMs: Milliseconds, last: Point): number {
    let from = this.#points.at(-2);
    for (let back = 3; back <= POINTS; back += 1) {
      const point = this.#points.at(-back);
      if (point === undefined || last.atMs - point.atMs > spanMs) break;
      from = point;
    }
    const elapsedMs = last.atMs - (from?.atMs ?? last.atMs);
    if (from === undefined || elapsedMs < LEAST_SPAN_MS) return 0;
    return (last.bytes - from.bytes) / (elapsedMs / SECOND);
  }
}
