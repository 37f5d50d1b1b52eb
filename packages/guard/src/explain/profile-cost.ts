import { getHeapStatistics } from 'node:v8';
import { type Bytes, KiB, MiB, type Milliseconds, SECOND } from '@maque/kit';

/** A report may stop the process for no longer than this at a time: a request waits that long for a slow disk, too. */
export const LONGEST_PAUSE_MS: Milliseconds = 150;

/** Where nobody waits, for no longer than the largest heaps need: 10 GiB at 1 ms a MiB. */
export const LONGEST_IDLE_PAUSE_MS: Milliseconds = 10 * SECOND;

// What a read costs beside a collection: 2 µs a kept sample for the text it comes as, so 8 to 11 ms (5,000 samples, Node 26),
// twice as much on a busy machine. A read that collects all garbage itself: 0.6 to 0.9 ms a live MiB (50 to 134 MiB, Node
// 24); a single major collection 0.35, and half as much again for a machine that is busy.
const READ_MS: Milliseconds = 20;
const COLLECTING_READ_MS_PER_MIB: Milliseconds = 1;
const COLLECTION_MS_PER_MIB: Milliseconds = 0.5;

/** How long reading a profile that collects garbage itself will stop the process. @param live what lives in the heap. */
export function predictCollectingRead(live: Bytes): Milliseconds {
  return READ_MS + (live / MiB) * COLLECTING_READ_MS_PER_MIB;
}

/** How long a single major collection will. */
export function predictCollection(live: Bytes): Milliseconds {
  return (live / MiB) * COLLECTION_MS_PER_MIB;
}

// 3,000 samples a second are 0.8 % of a core. What leaks in the heap is some percent of what is allocated, so tens of
// samples a second survive. Of a buffer or a handle the heap sees only some hundred bytes, so more are taken: 2 %.
const SAMPLES_PER_SECOND = 3_000;
const SAMPLES_PER_SECOND_OUTSIDE = 8_000;
// Survivors make the reading long; this many name a place beyond doubt.
const MOST_SURVIVORS = 6_000;
const FINEST: Bytes = KiB;
const COARSEST: Bytes = 512 * KiB;

export interface ProfiledLeak {
  /** Whether what grows is in the heap. */
  readonly inHeap: boolean;
  readonly bytesPerSecond: number;
  /** Everything that the process allocates. */
  readonly allocatedPerSecond: number;
  readonly longestMs: Milliseconds;
}

/** The distance between samples that is worth its cost. */
export function samplingInterval(leak: ProfiledLeak): Bytes {
  const samples = leak.inHeap ? SAMPLES_PER_SECOND : SAMPLES_PER_SECOND_OUTSIDE;
  const byCost = leak.allocatedPerSecond / samples;
  const surviving = leak.inHeap ? (leak.bytesPerSecond * leak.longestMs) / SECOND : 0;
  const bySurvivors = surviving / MOST_SURVIVORS;
  return Math.round(Math.min(COARSEST, Math.max(FINEST, byCost, bySurvivors)));
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
