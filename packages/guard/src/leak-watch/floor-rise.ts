import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import type { MemorySample } from '../sample/memory-sample.ts';

// A process that allocates little collects its young generation every ten seconds: of so long a time the least in use holds
// little of what is garbage at once.
const SPAN_MS: Milliseconds = 10 * SECOND;

/** Follows what has come on top of the last floor: kept or garbage, which the next floor will tell. */
export class FloorRise {
  #floorAtMs: Milliseconds | null = null;
  #floor: Bytes = 0;
  #floorRise: Bytes = 0;
  #spanBeganMs: Milliseconds = 0;
  /** The least in use, in the span that runs and in the one before. */
  #least: Bytes = Number.POSITIVE_INFINITY;
  #leastBefore: Bytes = Number.POSITIVE_INFINITY;

  add({ uptimeMs, heapUsed, heapFloor, heapFloorAtMs }: MemorySample): void {
    if (heapFloor !== null && heapFloorAtMs !== null && heapFloorAtMs > (this.#floorAtMs ?? -Infinity)) {
      this.#floorRise = this.#floorAtMs === null ? 0 : heapFloor - this.#floor;
      this.#floor = heapFloor;
      this.#floorAtMs = heapFloorAtMs;
      this.#least = Number.POSITIVE_INFINITY;
      this.#leastBefore = Number.POSITIVE_INFINITY;
      this.#spanBeganMs = uptimeMs;
    }
    if (uptimeMs - this.#spanBeganMs >= SPAN_MS) {
      this.#leastBefore = this.#least;
      this.#least = Number.POSITIVE_INFINITY;
      this.#spanBeganMs = uptimeMs;
    }
    this.#least = Math.min(this.#least, heapUsed);
  }

  /** How far the last floor lies above the one before it; 0 when there are no two. */
  get ofFloors(): Bytes {
    return this.#floorRise;
  }

  /** How far what is in use has come above the last floor, or above nothing before the first; 0 for the first ten seconds. */
  get sinceFloor(): Bytes {
    return Number.isFinite(this.#leastBefore) ? Math.min(this.#leastBefore, this.#least) - this.#floor : 0;
  }
}
