import type { Metric } from '@maque/guard';
import { type Milliseconds, SECOND } from '@maque/kit';
import type { RequestFacts } from './request-context.ts';

// From what a cached page takes to what nobody waits for; 300 ms is the goal that a server has unless told.
const BUCKETS_MS: readonly Milliseconds[] = [5, 10, 25, 50, 100, 300, 1_000, 3_000];
type HistogramMetric = Extract<Metric, { type: 'histogram' }>;
type MetricSample = Extract<Metric, { type: 'counter' | 'gauge' }>['samples'][number];

/** Of one route: its buckets, then the time, the number, the database's time, what the cache had and what it had not. */
const TIME = BUCKETS_MS.length;
const COUNT = TIME + 1;
const DATABASE = TIME + 2;
const HITS = TIME + 3;
const MISSES = TIME + 4;
const WIDTH = TIME + 5;

/** How long requests took, and what for, route by route: 104 bytes each, in one array. */
export class RouteTimes {
  #numbers = new Float64Array(WIDTH * 64);

  /** A request of a route ended. @param route its index, as the meter of requests gave it. */
  end(route: number, tookMs: Milliseconds, { databaseMs, cacheHits, cacheMisses }: RequestFacts): void {
    const at = route * WIDTH;
    if (at >= this.#numbers.length) this.#grow(at + WIDTH);
    const numbers = this.#numbers;
    let bucket = 0;
    while (bucket < BUCKETS_MS.length && tookMs > (BUCKETS_MS[bucket] as number)) bucket += 1;
    if (bucket < BUCKETS_MS.length) numbers[at + bucket] = (numbers[at + bucket] as number) + 1;
    numbers[at + TIME] = (numbers[at + TIME] as number) + tookMs;
    numbers[at + COUNT] = (numbers[at + COUNT] as number) + 1;
    numbers[at + DATABASE] = (numbers[at + DATABASE] as number) + databaseMs;
    numbers[at + HITS] = (numbers[at + HITS] as number) + cacheHits;
    numbers[at + MISSES] = (numbers[at + MISSES] as number) + cacheMisses;
  }

  /** @param names of the routes, by index: as many as the meter tells apart, which bounds them. */
  metrics(names: readonly string[]): Metric[] {
    const seen = names
      .map((route, index) => ({ route, at: index * WIDTH }))
      .filter(({ at }) => this.#at(at + COUNT) > 0);
    const samples = (offset: number, unit: number): MetricSample[] =>
      seen
        .map(({ route, at }) => ({ labels: { route }, value: this.#at(at + offset) / unit }))
        .filter(({ value }) => value > 0);
    const counter = (name: string, help: string, offset: number, unit = 1): Metric => ({
      type: 'counter',
      name,
      help,
      samples: samples(offset, unit),
    });
    return [
      ...seen.map(({ route, at }) => this.#histogram(route, at)),
      counter('maque_route_database_seconds_total', 'Time in the database, by route', DATABASE, SECOND),
      counter('maque_route_cache_hits_total', 'Answers from the cache, by route', HITS),
      counter('maque_route_cache_misses_total', 'Answers that the cache did not have, by route', MISSES),
    ];
  }

  #histogram(route: string, at: number): HistogramMetric {
    let below = 0;
    const buckets = BUCKETS_MS.map((ms, index) => {
      below += this.#at(at + index);
      return { le: ms / SECOND, count: below };
    });
    return {
      type: 'histogram',
      name: 'maque_route_seconds',
      help: 'How long requests took, by route',
      labels: { route },
      buckets,
      sum: this.#at(at + TIME) / SECOND,
      count: this.#at(at + COUNT),
    };
  }

  #at(index: number): number {
    return this.#numbers[index] ?? 0;
  }

  /** Routes are declared before the server listens, so this happens once or twice. */
  #grow(length: number): void {
    const larger = new Float64Array(Math.max(length, this.#numbers.length * 2));
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
