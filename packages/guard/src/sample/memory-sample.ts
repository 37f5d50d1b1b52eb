import type { Bytes, Milliseconds } from '@maque/kit';

/**
 * Everything the guard knows about one process at one moment: flat, numbers only but for `boxKind`, about 500 bytes as
 * JSON. What a platform does not tell is null, never a guess and never NaN (which JSON cannot carry).
 */
export interface MemorySample {
  /** Wall-clock time, ms since the epoch. May jump; for display. */
  readonly atMs: number;
  /** Monotonic time since the process began. For ages and slopes. */
  readonly uptimeMs: Milliseconds;

  /** Bytes in use in the whole V8 heap, garbage included. */
  readonly heapUsed: Bytes;
  /** Bytes that V8 has committed for its heap. */
  readonly heapTotal: Bytes;
  /**
   * Bytes in use right after the last major collection, outside the young generation: what really lives. Null before
   * the first one.
   */
  readonly heapFloor: Bytes | null;
  /** When that collection ended, on the scale of `uptimeMs`. */
  readonly heapFloorAtMs: Milliseconds | null;
  /** What the old generation may grow to before V8 gives up; the young generation is not in it. */
  readonly heapLimit: Bytes;

  /** Memory outside the heap that V8's objects own, array buffers included. */
  readonly external: Bytes;
  readonly arrayBuffers: Bytes | null;
  /**
   * Anonymous memory that is neither heap nor external: threads, native libraries, allocator's leftovers. Never page
   * cache.
   */
  readonly native: Bytes | null;
  /** Resident memory without pages of files. */
  readonly anonymous: Bytes | null;
  readonly rss: Bytes | null;

  /** Major and minor collections and time spent in them, since the guard began. */
  readonly gcMajors: number;
  readonly gcMinors: number;
  readonly gcMs: Milliseconds;
  /** Share of time spent in collections, smoothed over about five seconds. */
  readonly gcShare: number;

  /** Share of the time since the last sample in which the event loop was busy. */
  readonly loopUtilization: number | null;
  /** How late the event loop comes half of the time; null while it is calm. */
  readonly loopDelayP50Ms: Milliseconds | null;
  /** How late it comes at the worst hundredth. */
  readonly loopDelayP99Ms: Milliseconds | null;
  /** Sockets, timers, files and requests that are open, from at most ten seconds ago. */
  readonly handles: number | null;

  /** What memory runs out of first: the control group's limit or the machine. */
  readonly boxKind: 'cgroup' | 'machine';
  readonly boxLimit: Bytes | null;
  /** Memory in use there that the kernel cannot take back by dropping page cache. */
  readonly boxUsed: Bytes | null;
  /** Share of the last ten seconds in which nothing there could run for lack of memory (pressure stall information). */
  readonly memoryStall: number | null;
}

/**
 * A number that can be trusted, or null: readers of a foreign system may answer NaN, Infinity or nothing. Cut to four
 * decimals, since samples travel as text.
 */
export function finiteOrNull(value: number | null | undefined): number | null {
  const rounded = typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : Number.NaN;
  return Number.isFinite(rounded) ? rounded : null;
}
