import type { Milliseconds } from '@maque/kit';

/** Fine enough to tell routes apart by the chance of their arrivals, coarse enough for the time marks' precision. */
const BIN_MS: Milliseconds = 250;

// Routes beyond these do not take part in the regression. 100 × 720 bins × 2 B = 140 KiB.
const MAX_ROUTES = 100;

/** Requests by route and by quarter of a second, for a bounded time. */
export class RouteTraffic {
  readonly binMs = BIN_MS;
  readonly startedAtMs: Milliseconds;
  readonly bins: number;
  readonly #counts = new Map<string, Uint16Array>();
  #lastMs: Milliseconds;

  constructor(startedAtMs: Milliseconds, longestMs: Milliseconds) {
    this.startedAtMs = startedAtMs;
    this.#lastMs = startedAtMs;
    this.bins = Math.ceil(longestMs / BIN_MS);
  }

  /** When the last request came; the start until there is one. */
  get lastMs(): Milliseconds {
    return this.#lastMs;
  }

  count(route: string, atMs: Milliseconds): void {
    this.#lastMs = atMs;
    const bin = this.binOf(atMs);
    if (bin < 0 || bin >= this.bins) return;
    const counts = this.#of(route);
    if (counts !== null) counts[bin] = Math.min(0xffff, (counts[bin] ?? 0) + 1);
  }

  binOf(atMs: Milliseconds): number {
    return Math.floor((atMs - this.startedAtMs) / BIN_MS);
  }

  /** Requests of each route in the bins before `end`; routes that `nameOf` gives the same name are one. */
  until(end: number, nameOf: (route: string) => string): Map<string, Float64Array> {
    const merged = new Map<string, Float64Array>();
    for (const [route, counts] of this.#counts) {
      const name = nameOf(route);
      const sums = merged.get(name) ?? new Float64Array(Math.max(0, Math.min(end, this.bins)));
      merged.set(name, sums);
      for (let bin = 0; bin < sums.length; bin += 1) sums[bin] = (sums[bin] ?? 0) + (counts[bin] ?? 0);
    }
    return merged;
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
