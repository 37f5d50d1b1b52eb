import type { Bytes, Clock, Milliseconds } from '@maque/kit';

/** The part of a sample that says how much of the JS heap is in use, and was after the last major collection. */
interface HeapReading {
  readonly uptimeMs: Milliseconds;
  readonly heapUsed: Bytes;
  readonly heapFloor: Bytes | null;
  readonly heapFloorAtMs: Milliseconds | null;
}

/**
 * What the guard itself keeps in the JS heap while it looks closer at a suspicion: up to 5 MiB, which come within a minute
 * and go within a moment. Left in what lives, it makes a leak of 0.1 MB/s look half as fast again, then slower than it is,
 * and brings the heap under suspicion where Buffers leak.
 */
export class OwnHeap {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #kept: Bytes = 0;
  /** What was kept until it was last let go. */
  #keptBefore: Bytes = 0;
  #letGoAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  /** @param clock on the scale of `MemorySample.uptimeMs`. */
  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  get bytes(): Bytes {
    return this.#kept;
  }

  keep(bytes: Bytes): void {
    this.#kept += bytes;
  }

  letGo(bytes: Bytes): void {
    if (bytes === 0) return;
    this.#keptBefore = this.#kept;
    this.#letGoAtMs = this.#clock.monotonic();
    this.#kept -= bytes;
  }

  /**
   * The reading without what is the guard's own. What is let go is so right after a collection that found it alive, and seen
   * with the next sample: what counts of a floor is what was kept by then.
   */
  leaveOut<Reading extends HeapReading>(reading: Reading): Reading {
    if (this.#kept === 0 && this.#keptBefore === 0) return reading;
    const { uptimeMs, heapUsed, heapFloor, heapFloorAtMs } = reading;
    const floor = heapFloor === null ? null : Math.max(0, heapFloor - this.#at(heapFloorAtMs ?? uptimeMs));
    return { ...reading, heapUsed: Math.max(0, heapUsed - this.#at(uptimeMs)), heapFloor: floor };
  }

  #at(uptimeMs: Milliseconds): Bytes {
    return uptimeMs < this.#letGoAtMs ? this.#keptBefore : this.#kept;
  }
}
