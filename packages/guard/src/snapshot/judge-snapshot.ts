import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import type { SnapshotCost } from './predict-snapshot-cost.ts';

/** What the box has left; null where nobody tells. */
export interface SnapshotRoom {
  readonly memory: Bytes | null;
  readonly disk: Bytes | null;
}

export interface SnapshotLimits {
  /** How long the process may stand still. */
  readonly maxBlockedMs: Milliseconds;
  /** Bytes of all snapshots together. */
  readonly maxTotalBytes: Bytes;
  /** Room on the disk that others need. */
  readonly keepDiskFree: Bytes;
}

/** Why no snapshot is taken: a code and what it rests on. */
export type SnapshotRefusal =
  | { readonly code: 'MEMORY_SHORT'; readonly needed: Bytes; readonly available: Bytes }
  | { readonly code: 'PAUSE_TOO_LONG'; readonly expectedMs: Milliseconds; readonly allowedMs: Milliseconds }
  | { readonly code: 'DISK_SHORT'; readonly needed: Bytes; readonly available: Bytes }
  | { readonly code: 'FILE_TOO_LARGE'; readonly expected: Bytes; readonly allowed: Bytes };

/** What the other process takes at most. */
export const HELPER_MEMORY: Bytes = 100 * MiB;

// What came was up to 0.9 times the prediction on a busy machine, where collections look more expensive, and 1.1 on a
// calm one.
const MEMORY_MARGIN = 1.25;

/** Everything that speaks against a snapshot; nothing if it fits. */
export function judgeSnapshot(
  cost: SnapshotCost,
  room: SnapshotRoom,
  limits: SnapshotLimits,
): SnapshotRefusal[] {
  const refusals: SnapshotRefusal[] = [];
  const needed = Math.round(cost.memory * MEMORY_MARGIN) + HELPER_MEMORY;
  if (room.memory !== null && needed > room.memory) {
    refusals.push({ code: 'MEMORY_SHORT', needed, available: room.memory });
  }
  if (cost.blockedMs > limits.maxBlockedMs) {
    refusals.push({ code: 'PAUSE_TOO_LONG', expectedMs: cost.blockedMs, allowedMs: limits.maxBlockedMs });
  }
  const available = room.disk === null ? null : Math.max(0, room.disk - limits.keepDiskFree);
  if (available !== null && cost.file > available) {
    refusals.push({ code: 'DISK_SHORT', needed: cost.file, available });
  }
  if (cost.file > limits.maxTotalBytes) {
    refusals.push({ code: 'FILE_TOO_LARGE', expected: cost.file, allowed: limits.maxTotalBytes });
  }
  return refusals;
}
