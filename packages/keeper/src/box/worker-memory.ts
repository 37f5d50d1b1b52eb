import { pageSizeFrom, parseStatm } from '@maque/guard/box';
import { type Bytes, KiB } from '@maque/kit';
import type { ProcFiles } from './proc-files.ts';

export interface WorkerBytes {
  /** Memory that is nobody else's and cannot be dropped: anonymous pages, in RAM or swapped out. */
  readonly anonymous: Bytes;
  /** The same with its part of the program's pages, comparable with its budget. */
  readonly bytes: Bytes;
}

// What nearly all kernels use; 16 and 64 KiB on some arm64 ones.
const USUAL_PAGE: Bytes = 4 * KiB;

/** The size of a page: Node does not tell, but this process's resident bytes over its pages do. */
export function ownPageSize(files: ProcFiles, rssBytes: Bytes): Bytes {
  const pages = parseStatm(files.readOnce('/proc/self/statm') ?? '');
  return pages === null ? USUAL_PAGE : pageSizeFrom(rssBytes, pages.resident);
}

/**
 * A look that a blocked worker cannot escape: statm costs the kernel a few sums, where smaps_rollup walks all pages.
 * @param sharers how many processes share the program's pages.
 * @param swapped whether anything is swapped out, which statm does not count.
 * @returns null when there is no such process any more, or nothing of it is in memory yet.
 */
export function readWorkerBytes(
  files: ProcFiles,
  { pid, pageSize, sharers, swapped }: { pid: number; pageSize: Bytes; sharers: number; swapped: boolean },
): WorkerBytes | null {
  const pages = parseStatm(files.read(statmOf(pid)) ?? '');
  if (pages === null) return null;
  const swap = swapped ? readSwap(files, pid) : 0;
  const anonymous = pages.anonymous * pageSize + swap;
  return {
    anonymous,
    bytes: anonymous + ((pages.resident - pages.anonymous) * pageSize) / Math.max(1, sharers),
  };
}

/** Gives back what is kept open of a worker that is gone. */
export function forgetWorker(files: ProcFiles, pid: number): void {
  files.forget(statmOf(pid));
}

function statmOf(pid: number): string {
  return `/proc/${pid}/statm`;
}

function readSwap(files: ProcFiles, pid: number): Bytes {
  const match = /^VmSwap:\s+(\d+) kB/m.exec(files.readOnce(`/proc/${pid}/status`) ?? '');
  return match === null ? 0 : Number(match[1]) * KiB;
}
