import { type Bytes, type Clock, type Milliseconds, systemClock } from '@maque/kit';
import type { LogHistogram } from './log-histogram.ts';
import { RollingLatency } from './rolling-latency.ts';
import { MAX_WEIGHT, TimedShare } from './timed-share.ts';

/** The route that everything counts to once `maxRoutes` names are taken. */
export const OTHER_ROUTES = '(other)';
/** Its index. */
export const OTHER_INDEX = 0;

// Requests since the last sample that end the sampler's long sleep: some 5 to 10 ms of work, noticed at once instead
// of up to ten seconds later, and one comparison a request.
const WAKE_REQUESTS = 50;

// A route's name (about 30 characters), its Map entry and three numbers.
const BYTES_PER_ROUTE: Bytes = 200;

/**
 * Requests of one process: totals since the start, rates and percentiles of the last ten seconds. Plain numbers, made
 * for IPC.
 */
export interface RequestStats {
  readonly total: number;
  /** Answers with status 500 and above. */
  readonly errors: number;
  /** Begun and not ended. */
  readonly active: number;
  readonly perSecond: number;
  /** Null when nothing ended in the last ten seconds. Off by 6.25 % at most. */
  readonly p50Ms: Milliseconds | null;
  readonly p95Ms: Milliseconds | null;
  readonly p99Ms: Milliseconds | null;
}

export interface RouteStats {
  readonly route: string;
  readonly total: number;
  readonly errors: number;
  readonly totalMs: Milliseconds;
}

export interface RequestMeterOptions {
  /** How many routes are told apart; further ones count as `(other)`. */
  readonly maxRoutes: number;
  readonly clock?: Clock;
  /** Called when requests arrive while nobody samples. */
  readonly onWake?: () => void;
}

/**
 * Counts requests without measuring them: `start()` when one begins, `end()` with its duration when it is answered.
 * A pair costs 8 ns (Node 26, in a loop): integer arithmetic in arrays of fixed size, no allocation, no clock.
 */
export class RequestMeter {
  readonly #names: string[] = [OTHER_ROUTES];
  readonly #indexByName = new Map<string, number>();
  readonly #maxRoutes: number;
  readonly #totals: Float64Array;
  readonly #errors: Float64Array;
  readonly #milliseconds: Float64Array;
  readonly #latencies: RollingLatency;
  readonly #timedShare = new TimedShare();
  readonly #onWake: () => void;
  #active = 0;
  #total = 0;
  #errorTotal = 0;
  #sinceSample = 0;
  #sampledAtMs: Milliseconds;
  #named = false;

  /** @throws RangeError when `maxRoutes` is not a positive integer. */
  constructor(options: RequestMeterOptions) {
    const { maxRoutes } = options;
    if (!Number.isSafeInteger(maxRoutes) || maxRoutes < 1) {
      throw new RangeError(`maxRoutes must be a positive integer, not ${maxRoutes}`);
    }
    this.#maxRoutes = maxRoutes;
    this.#totals = new Float64Array(maxRoutes + 1);
    this.#errors = new Float64Array(maxRoutes + 1);
    this.#milliseconds = new Float64Array(maxRoutes + 1);
    this.#latencies = new RollingLatency(options.clock ?? systemClock);
    this.#sampledAtMs = this.#latencies.turn();
    this.#onWake = options.onWake ?? (() => {});
  }

  /**
   * Declares a route such as `GET /api/products/:id` and answers its index, the cheapest thing to give to `end`.
   * An app that declares its routes counts for itself: what was counted from `node:http` stops (see `countHttp`).
   */
  route(name: string): number {
    this.#named = true;
    return this.indexOf(name);
  }

  /** Whether the app declares its own routes. */
  get named(): boolean {
    return this.#named;
  }

  /** The index of a route, taken now if the name is new and there is room; else the index of `(other)`. */
  indexOf(name: string): number {
    const known = this.#indexByName.get(name);
    if (known !== undefined) return known;
    if (this.#names.length > this.#maxRoutes) return OTHER_INDEX;
    this.#indexByName.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  /** The index of a route that has been counted or declared before; that of `(other)` if it has not. */
  knownIndexOf(name: string): number {
    return this.#indexByName.get(name) ?? OTHER_INDEX;
  }

  /** Requests that ended since the start. */
  get total(): number {
    return this.#total;
  }

  /** Requests begun and not ended. */
  get active(): number {
    return this.#active;
  }

  /** A request begins. */
  start(): void {
    this.#active += 1;
    this.#sinceSample += 1;
    if (this.#sinceSample === WAKE_REQUESTS) this.#onWake();
  }

  /**
   * For who must look at the clock to know a duration: how many requests the one that begins now speaks for. 0 means
   * that it need not be timed.
   */
  drawWeight(): number {
    return this.#timedShare.draw();
  }

  /**
   * A request ends, answered or aborted.
   * @param route an index from {@link route}, or a name (a Map lookup more).
   * @param weight what {@link drawWeight} said when it began; with 0 the duration is not used.
   */
  end(route: number | string, durationMs: Milliseconds, status: number, weight = 1): void {
    this.#ended(status);
    const index = this.#place(route);
    this.#count(index, 1, status);
    this.#time(index, durationMs, weight);
  }

  /**
   * A request ends whose route counts for all those that it speaks for: for who would pay for finding out each route.
   * Above a thousand requests a second the numbers of a route are estimates then, those of all together are not.
   * @param weight what {@link drawWeight} said when it began; not 0.
   */
  endSpeaking(weight: number, route: number | string, durationMs: Milliseconds, status: number): void {
    this.#ended(status);
    const index = this.#place(route);
    this.#count(index, weight, status);
    this.#time(index, durationMs, weight);
  }

  /** A request ends for which another one speaks, or will: {@link drawWeight} had said 0. */
  endSpokenFor(status: number): void {
    this.#ended(status);
  }

  /** What goes over IPC. Costs 0.7 µs in a loop, more when nothing is in a cache. */
  stats(): RequestStats {
    return {
      total: this.total,
      errors: this.#errorTotal,
      active: this.active,
      ...this.#latencies.read(),
    };
  }

  /** How many routes were declared or counted, `(other)` among them; they are numbered from 0. */
  get routeCount(): number {
    return this.#names.length;
  }

  /** Requests of one route that ended since the start: a number out of an array, without making objects of all. */
  totalOf(route: number): number {
    return this.#totals[route] ?? 0;
  }

  /** Every route that was declared or counted, `(other)` first. */
  routes(): RouteStats[] {
    return this.#names.map((route, index) => ({
      route,
      total: this.#totals[index] ?? 0,
      errors: this.#errors[index] ?? 0,
      totalMs: this.#milliseconds[index] ?? 0,
    }));
  }

  /** All latencies since the start. */
  get latencies(): LogHistogram {
    return this.#latencies.all;
  }

  /** The sampler looked: time moves on, and the next fifty requests call `onWake` again. */
  sampled(): void {
    const now = this.#latencies.turn();
    this.#timedShare.pace(this.#sinceSample, now - this.#sampledAtMs);
    this.#sampledAtMs = now;
    this.#sinceSample = 0;
  }

  #ended(status: number): void {
    if (this.#active > 0) this.#active -= 1;
    this.#total += 1;
    if (status >= 500) this.#errorTotal += 1;
  }

  #place(route: number | string): number {
    const index = typeof route === 'number' ? route : this.indexOf(route);
    return index >= 0 && index < this.#names.length ? index : OTHER_INDEX;
  }

  #count(index: number, times: number, status: number): void {
    this.#totals[index] = (this.#totals[index] ?? 0) + times;
    if (status >= 500) this.#errors[index] = (this.#errors[index] ?? 0) + times;
  }

  #time(index: number, durationMs: Milliseconds, weight: number): void {
    // One bad weight must not spoil all sums: what no draw can have said counts as not timed.
    if (!(weight > 0 && weight <= MAX_WEIGHT)) return;
    if (durationMs > 0) this.#milliseconds[index] = (this.#milliseconds[index] ?? 0) + durationMs * weight;
    this.#latencies.add(durationMs, weight);
  }

  get byteLength(): Bytes {
    const arrays = this.#totals.byteLength * 3 + this.#latencies.byteLength;
    return arrays + this.#names.length * BYTES_PER_ROUTE;
  }
}
