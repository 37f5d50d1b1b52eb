import { Collector, collectGarbage } from '@maque/guard';
import { type Bytes, type Clock, MiB, type Milliseconds, SECOND } from '@maque/kit';

/** This process's own memory. */
export interface OwnHeap {
  /** What lives and what is garbage by now. To be cheap. */
  inUse(): Bytes;
  collect(): void;
}

// What some 500 scrapes leave behind. The young generation, which V8 empties by itself, swings by 0.9 MiB while nothing happens.
const GARBAGE: Bytes = 1.5 * MiB;

// A collection of a keeper's 8 MiB takes some 15 ms: 0.05 % of a core at most while all is calm, 0.15 % while nothing is.
const LEAST_APART_MS: Milliseconds = 30 * SECOND;
const RESTLESS_MS: Milliseconds = 10 * SECOND;

/**
 * Collects what the start, workers that have ended and answers leave behind in the keeper: at a calm moment, or when none
 * comes. V8 by itself lets it lie until the heap has doubled: 8 MiB more after 500 workers in a row, of which nothing lived
 * (bench/keeper/life.ts).
 */
export class TidyDuty {
  readonly #clock: Clock;
  readonly #heap: OwnHeap;
  #isDue = true;
  #livingBytes: Bytes = 0;
  #collectedMs = Number.NEGATIVE_INFINITY;
  #calmMs: Milliseconds;

  constructor(clock: Clock, heap: OwnHeap = ownHeap()) {
    this.#clock = clock;
    this.#heap = heap;
    this.#calmMs = clock.monotonic();
  }

  workerEnded(): void {
    this.#isDue = true;
  }

  /** To be called with every tick. @param isCalm nothing else is to be done. */
  look(isCalm: boolean): void {
    const nowMs = this.#clock.monotonic();
    if (isCalm) this.#calmMs = nowMs;
    if (!this.#isTime(nowMs, isCalm)) return;
    if (!this.#isDue && this.#heap.inUse() - this.#livingBytes < GARBAGE) return;
    this.#isDue = false;
    this.#collectedMs = nowMs;
    this.#heap.collect();
    this.#livingBytes = this.#heap.inUse();
  }

  #isTime(nowMs: Milliseconds, isCalm: boolean): boolean {
    if (isCalm) return nowMs - this.#collectedMs >= LEAST_APART_MS;
    return nowMs - Math.max(this.#calmMs, this.#collectedMs) >= RESTLESS_MS;
  }
}

function ownHeap(): OwnHeap {
  const collector = new Collector();
  const inUse = () => {
    const { heapUsed, external } = collector.inUse();
    return heapUsed + external;
  };
  return { inUse, collect: () => void collectGarbage() };
}
