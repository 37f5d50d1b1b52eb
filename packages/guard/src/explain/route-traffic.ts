import type { Milliseconds } from '@maque/kit';

/** Fine enough to tell routes apart by the chance of their arrivals, coarse enough for the time marks' precision. */
const BIN_MS: Milliseconds = 250;

// Routes beyond these do not take part in the regression. 40 × 720 bins × 2 B = 56 KiB.
const MAX_ROUTES = 40;

/** Requests by route and by quarter of a second, for a bounded time. */
export class RouteTraffic {
  readonly binMs = BIN_MS;
  readonly startedAtMs: Milliseconds;
  readonly bins: number;
  readonly #counts = new Map<string, Uint16Array>();

  constructor(startedAtMs: Milliseconds, longestMs: Milliseconds) {
    this.startedAtMs = startedAtMs;
    this.bins = Math.ceil(longestMs / BIN_MS);
  }

  count(route: string, atMs: Milliseconds): void {
    const bin = this.binOf(atMs);
    if (bin < 0 || bin >= this.bins) return;
    const counts = this.#of(route);
    if (counts !== null) counts[bin] = Math.min(0xffff, (counts[bin] ?? 0) + 1);
  }

  binOf(atMs: Milliseconds): number {
    return Math.floor((atMs - this.startedAtMs) / BIN_MS);
  }

  /** Requests of each route in the bins from `first` to before `end`. */
  slice(first: number, end: number): Map<string, Uint16Array> {
    return new Map([...this.#counts].map(([route, counts]) => [route, counts.subarray(first, end)]));
  }

  #of(route: string): Uint16Array | null {
    const known = this.#counts.get(route);
    if (known !== undefined) return known;
    if (this.#counts.size >= MAX_ROUTES) return null;
    const counts = new Uint16Array(this.bins);
    this.#counts.set(route, counts);
    return counts;
  }
}
