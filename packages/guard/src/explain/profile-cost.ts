import { getHeapStatistics } from 'node:v8';
import { type Bytes, KiB, MiB, type Milliseconds, SECOND } from '@maque/kit';

/** A report may stop the process for no longer than this at a time: a request waits that long for a slow disk, too. */
export const LONGEST_PAUSE_MS: Milliseconds = 150;

/** Where nobody waits, for no longer than the largest heaps need: 10 GiB at 1 ms a MiB. */
export const LONGEST_IDLE_PAUSE_MS: Milliseconds = 10 * SECOND;

// What a read costs beside a collection. Node 26, processor time of the main thread: 0.5 to 0.7 µs a kept sample and 1 to
// 1.5 µs a place in the code, of which there are some thousand; three times as much where others fill the caches. A read
// that collects all garbage itself: 0.6 to 0.9 ms a live MiB (50 to 134 MiB, Node 24); a single major collection 0.35, and
// half as much again for a machine that is busy.
const READ_MS: Milliseconds = 10;
const READ_MS_PER_SAMPLE: Milliseconds = 0.002;
const COLLECTING_READ_MS_PER_MIB: Milliseconds = 1;
const COLLECTION_MS_PER_MIB: Milliseconds = 0.5;

/** How long reading a profile will stop the process. @param samples as many as it has kept. */
export function predictRead(samples: number): Milliseconds {
  return READ_MS + samples * READ_MS_PER_SAMPLE;
}

/** How much longer a read that collects garbage itself will. @param live what lives in the heap. */
export function predictReadCollection(live: Bytes): Milliseconds {
  return (live / MiB) * COLLECTING_READ_MS_PER_MIB;
}

/** How long a single major collection will. */
export function predictCollection(live: Bytes): Milliseconds {
  return (live / MiB) * COLLECTION_MS_PER_MIB;
}

// 3,000 samples a second are 0.8 % of a core. What leaks in the heap is some percent of what is allocated, so tens of
// samples a second survive. Of a buffer or a handle the heap sees only some hundred bytes, so more are taken: 2 %.
const SAMPLES_PER_SECOND = 3_000;
const SAMPLES_PER_SECOND_OUTSIDE = 8_000;
// Survivors make the reading long; this many name a place beyond doubt. Where the owners of what grows are small, they are
// some among many survivors.
const MOST_SURVIVORS = 6_000;
const MOST_SURVIVORS_OUTSIDE = 16_000;
// A leak may be faster than anybody knew when the profile was started. Reading so many takes 90 ms by the prediction above.
const MOST_KEPT = 40_000;
const FINEST: Bytes = KiB;
const COARSEST: Bytes = 512 * KiB;

export interface ProfiledLeak {
  /** Whether what grows is in the heap. */
  readonly inHeap: boolean;
  /** By which the heap grows. */
  readonly bytesPerSecond: number;
  /** Everything that the process allocates. */
  readonly allocatedPerSecond: number;
  readonly longestMs: Milliseconds;
}

/** The distance between samples that is worth its cost. */
export function samplingInterval(leak: ProfiledLeak): Bytes {
  const samples = leak.inHeap ? SAMPLES_PER_SECOND : SAMPLES_PER_SECOND_OUTSIDE;
  const byCost = leak.allocatedPerSecond / samples;
  const surviving = (leak.bytesPerSecond * leak.longestMs) / SECOND;
  const bySurvivors = surviving / (leak.inHeap ? MOST_SURVIVORS : MOST_SURVIVORS_OUTSIDE);
  return Math.round(Math.min(COARSEST, Math.max(FINEST, byCost, bySurvivors)));
}

/** A profile that is running. */
export interface RunningProfile {
  readonly interval: Bytes;
  /** What has been allocated since its start and lives: as much as the heap has grown. */
  readonly grown: Bytes;
  readonly ageMs: Milliseconds;
  /** How long it may go on. */
  readonly longestMs: Milliseconds;
}

/** How many samples it has kept. */
export function keptSamples({ grown, interval }: Pick<RunningProfile, 'grown' | 'interval'>): number {
  return Math.max(0, grown) / interval;
}

/**
 * The distance at which to start anew, since at this one more is kept than can be read in time; null where it can, or where
 * samples cannot be further apart.
 */
export function coarserInterval(profile: RunningProfile): Bytes | null {
  const { interval, grown, ageMs, longestMs } = profile;
  if (keptSamples(profile) <= MOST_KEPT || interval >= COARSEST) return null;
  const surviving = (grown / Math.max(1, ageMs)) * longestMs;
  return Math.round(Math.min(COARSEST, Math.max(2 * interval, surviving / MOST_SURVIVORS)));
}

/**
 * Bytes allocated in the heap so far. Node 24 does not tell; there it is what heap readings rise by from one to the
 * next, which leaves out what is collected in between, so read it often.
 */
export class AllocationCounter {
  #risen: Bytes = 0;
  #lastUsed = getHeapStatistics().used_heap_size;

  read(): Bytes {
    // Newer than Node's types.
    const statistics: { used_heap_size: number; total_allocated_bytes?: number } = getHeapStatistics();
    this.#risen += Math.max(0, statistics.used_heap_size - this.#lastUsed);
    this.#lastUsed = statistics.used_heap_size;
    return statistics.total_allocated_bytes ?? this.#risen;
  }
}
