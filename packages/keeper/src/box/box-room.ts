import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import type { BoxView } from './box-view.ts';

/** What is left. Infinite where nobody tells: what is not known is not short. */
export function roomOf({ limitBytes, usedBytes }: BoxView): Bytes {
  return usedBytes === null ? Number.POSITIVE_INFINITY : Math.max(0, limitBytes - usedBytes);
}

/** The share of the limit that is in use; 0 where nobody tells. */
export function usedShare({ limitBytes, usedBytes }: BoxView): number {
  return usedBytes === null || !(limitBytes > 0) ? 0 : usedBytes / limitBytes;
}

/** When so much room is gone at this pace; infinite while nothing grows. */
export function timeUntil(roomBytes: Bytes, bytesPerSecond: number): Milliseconds {
  return bytesPerSecond > 0 ? (roomBytes / bytesPerSecond) * SECOND : Number.POSITIVE_INFINITY;
}
