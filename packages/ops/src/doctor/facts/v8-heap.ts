import { type Bytes, GiB, MiB } from '@maque/kit';

/** Limits of V8 that Node was started with; undefined is V8's own choice. */
export interface HeapFlags {
  /** `--max-old-space-size`, in MiB. */
  readonly oldSpaceMb: number | undefined;
  /** `--max-semi-space-size`, in MiB. */
  readonly semiSpaceMb: number | undefined;
  /** `--max-old-space-size-percentage`, of the memory that the process sees, the young generation included. */
  readonly percentage: number | undefined;
}

// 56 runs of Node servers with database drivers never held more than heap + 85 MiB.
export const OUTSIDE_HEAP_BYTES: Bytes = 85 * MiB;
/** File pages of the executable, which each further process on the box shares (measured). */
export const SHARED_PROGRAM_BYTES: Bytes = 36 * MiB;

// Half of what the process sees, in steps: at least 256 MiB, at most 2 GiB, and 4 GiB from 15 GiB on.
const LEAST_DEFAULT_BYTES = 256 * MiB;
const MOST_DEFAULT_BYTES = 2 * GiB;
const LARGE_BOX_BYTES = 15 * GiB;

/** V8's own old generation for a process that sees this much memory; measured with Node 20, 24 and 26. */
export function defaultOldSpaceMb(seenBytes: Bytes): number {
  const most = seenBytes >= LARGE_BOX_BYTES ? 2 * MOST_DEFAULT_BYTES : MOST_DEFAULT_BYTES;
  return Math.round(Math.min(most, Math.max(LEAST_DEFAULT_BYTES, seenBytes / 2)) / MiB);
}

/**
 * V8's own semi-space. It grows with the memory and not with the old space that was asked for; measured in cgroups of 256
 * MiB to 4 GiB: on 2 GiB it is 8 MiB with Node 20, 32 with Node 24 and 16 with Node 26.
 */
export function defaultSemiSpaceMb(seenBytes: Bytes, major: number | undefined): number {
  const seenMb = seenBytes / MiB;
  if (major !== undefined && major >= 26) return Math.min(32, Math.max(1, Math.round(seenMb / 128)));
  if (seenMb <= 512) return 1;
  return major !== undefined && major < 24
    ? Math.min(16, Math.round(seenMb / 256))
    : Math.min(64, Math.round(seenMb / 64));
}

/** All that V8 may hold: the old space and three semi-spaces. */
export function heapLimitBytes(flags: HeapFlags, seenBytes: Bytes, major: number | undefined): Bytes {
  const semiSpaceMb = flags.semiSpaceMb ?? defaultSemiSpaceMb(seenBytes, major);
  if (flags.oldSpaceMb === undefined && flags.percentage !== undefined)
    return (seenBytes * flags.percentage) / 100;
  return ((flags.oldSpaceMb ?? defaultOldSpaceMb(seenBytes)) + 3 * semiSpaceMb) * MiB;
}
