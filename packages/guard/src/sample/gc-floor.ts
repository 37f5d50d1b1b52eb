import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import { GcTime } from './gc-time.ts';
import { onMajorCollection } from './major-collections.ts';

// The floor is read 1 to 3 ms after a major collection, 48 ms at worst in a thrashing heap (144 in an earlier run). What
// is read later than this holds garbage that was promoted since, and is no floor.
const FLOOR_MAX_AGE_MS: Milliseconds = SECOND / 2;

/** What garbage collection did since the watch began. */
export interface GcReading {
  readonly majors: number;
  readonly minors: number;
  readonly totalMs: Milliseconds;
  /** Bytes in use outside the young generation right after the last major collection. */
  readonly floor: Bytes | null;
  /** When that collection ended, ms since the process began. */
  readonly floorAtMs: Milliseconds | null;
}

export interface GcFloorOptions {
  /** Called after each major collection with the floor that was read then. */
  readonly onMajor: (floor: Bytes) => void;
  /** Told how long the watching itself took. */
  readonly onCost: (ms: Milliseconds) => void;
}

interface Floor {
  readonly bytes: Bytes;
  readonly atMs: Milliseconds;
}

/** What was read after a collection, and whether its end was seen. */
interface Candidate extends Floor {
  readonly watched: boolean;
}

/** Reads the floor after each major collection, and counts collections and the time they take. */
export class GcFloor {
  readonly #options: GcFloorOptions;
  readonly #time: GcTime;
  readonly #stopMajors: () => void;
  #floor: Floor | null = null;
  /** Read after the last collection; a floor once it is known to have been read in time. */
  #candidate: Candidate | null = null;

  constructor(options: GcFloorOptions) {
    this.#options = options;
    this.#time = new GcTime(options.onCost);
    this.#stopMajors = onMajorCollection(() => this.#major());
  }

  /** @param loopLateMs how late the event loop came at most since the last reading; null when nobody knows. */
  read(loopLateMs: Milliseconds | null): GcReading {
    // Only while a floor that nobody watched would still be read in time.
    const time = this.#time.read(loopLateMs !== null && loopLateMs <= FLOOR_MAX_AGE_MS);
    if (this.#candidate !== null) this.#judge(this.#candidate, loopLateMs);
    this.#candidate = null;
    return {
      ...time,
      floor: this.#floor?.bytes ?? null,
      floorAtMs: this.#floor?.atMs ?? null,
    };
  }

  stop(): void {
    this.#stopMajors();
    this.#time.stop();
  }

  #major(): void {
    const startedAtMs = performance.now();
    const bytes = oldGenerationUsed();
    this.#candidate = { bytes, atMs: startedAtMs, watched: this.#time.watching };
    this.#time.major();
    this.#options.onCost(performance.now() - startedAtMs);
    this.#options.onMajor(bytes);
  }

  /** Where nobody saw when the collection ended, the loop must not have been late for longer than a floor may be. */
  #judge({ bytes, atMs, watched }: Candidate, loopLateMs: Milliseconds | null): void {
    const endMs = watched ? this.#time.majorEndMs : atMs - (loopLateMs ?? Number.POSITIVE_INFINITY);
    if (endMs === null || atMs - endMs > FLOOR_MAX_AGE_MS) return;
    this.#floor = { bytes, atMs: watched ? Math.min(endMs, atMs) : atMs };
  }
}

/**
 * Bytes in use outside the young generation, which is what the old-space limit bounds. A major collection empties the
 * young generation (read: 0 bytes in it 1 ms later), so right after one this leaves out just what was allocated since.
 */
function oldGenerationUsed(): Bytes {
  let used = 0;
  for (const space of getHeapSpaceStatistics()) {
    if (!space.space_name.startsWith('new_')) used += space.space_used_size;
  }
  return used;
}
