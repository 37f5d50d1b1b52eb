import { getHeapStatistics } from 'node:v8';
import { type Bytes, type Clock, type Milliseconds, SECOND } from '@maque/kit';
import { attempt } from './attempt.ts';
import type { FileReader } from './file-reader.ts';

export interface ProcessMemory {
  readonly heapUsed: Bytes;
  readonly heapTotal: Bytes;
  readonly external: Bytes;
  readonly arrayBuffers: Bytes | null;
  readonly rss: Bytes | null;
  /** Null where there is no /proc. */
  readonly anonymous: Bytes | null;
}

const STATM = '/proc/self/statm';

// `memoryUsage()` alone tells array buffers, and opens a file for it: 8 µs in a loop, but 100 in a busy process, whose
// caches hold other things. The heap's statistics take 15 so, and statm 20 to 40. That is read all the same: with resident
// memory older than the heap, buffers that were just let go of would look like native memory. Not smaps_rollup: it tells
// the anonymous memory of statm for 740 µs.
const USAGE_EVERY_MS: Milliseconds = 15 * SECOND;
/** Where there is no statm, and nobody else tells resident memory. */
const LONE_USAGE_EVERY_MS: Milliseconds = 5 * SECOND;

type Usage = Pick<ProcessMemory, 'arrayBuffers' | 'rss'>;

/**
 * Reads the memory of this process. Array buffers are up to 15 s old; where there is no /proc they and resident memory are
 * up to five.
 */
export function createProcessMemoryReader(files: FileReader, clock: Clock): () => ProcessMemory {
  let usage: Usage = { arrayBuffers: null, rss: null };
  let usageAtMs = Number.NEGATIVE_INFINITY;
  let pageSize: Bytes | null = null;
  return () => {
    const now = clock.monotonic();
    if (now - usageAtMs >= (pageSize === null ? LONE_USAGE_EVERY_MS : USAGE_EVERY_MS)) {
      usageAtMs = now;
      // It throws where /proc is not mounted.
      usage = attempt(process.memoryUsage) ?? usage;
    }
    const pages = parseStatm(files.read(STATM) ?? '');
    if (pages !== null && usage.rss !== null) pageSize ??= pageSizeFrom(usage.rss, pages.resident);
    const heap = getHeapStatistics();
    return {
      heapUsed: heap.used_heap_size,
      heapTotal: heap.total_heap_size,
      external: heap.external_memory,
      arrayBuffers: usage.arrayBuffers,
      rss: pages === null || pageSize === null ? usage.rss : pages.resident * pageSize,
      anonymous: pages === null || pageSize === null ? null : pages.anonymous * pageSize,
    };
  };
}

export interface ResidentPages {
  readonly resident: number;
  readonly anonymous: number;
}

/**
 * Pages of /proc/<pid>/statm: `size resident shared …`, where shared counts those of files and of shared memory
 * (proc(5)).
 */
export function parseStatm(text: string): ResidentPages | null {
  const afterSize = text.indexOf(' ') + 1;
  const afterResident = text.indexOf(' ', afterSize) + 1;
  const resident = Number.parseInt(text.slice(afterSize, afterResident), 10);
  const shared = Number.parseInt(text.slice(afterResident, afterResident + 20), 10);
  if (!(resident > 0) || !(shared >= 0)) return null;
  return { resident, anonymous: Math.max(0, resident - shared) };
}

/**
 * Node does not tell the size of a page (4 KiB; 16 or 64 on some arm64 kernels), but resident bytes over pages does.
 */
export function pageSizeFrom(rss: Bytes, residentPages: number): Bytes {
  return 2 ** Math.round(Math.log2(rss / residentPages));
}
