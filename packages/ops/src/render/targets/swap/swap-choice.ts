import { type Bytes, GiB, MiB } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';

/** Half of the memory, but never less than a burst, nor more than a small disk fills in a minute. */
const MEMORY_SHARE = 0.5;
const LEAST_FILE: Bytes = GiB;
const MOST_FILE: Bytes = 2 * GiB;
/** Of what is free on the disk; the rest is for data and logs. */
const DISK_SHARE = 0.1;
/** Below it a file is not worth the wear of a small disk. */
const LEAST_ON_DISK: Bytes = 512 * MiB;
/** Compressed to about a third, it then holds an eighth of the memory at most. */
const ZRAM_SHARE = 0.375;
/** A box this large softens a burst by its page cache; check A3 of the doctor. */
const LARGE_BOX: Bytes = 4 * GiB;

export type SwapChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly bytes: Bytes; readonly formula: string }
  | { readonly kind: 'zram'; readonly bytes: Bytes; readonly formula: string };

/** What softens a burst on this box. Swap that is there already is left alone. */
export function chooseSwap({ request: { box } }: BoxPlan): SwapChoice {
  const { memoryBytes, diskBytes, swapBytes = 0, bound } = box;
  // A container swaps where its host says so.
  if (bound !== 'box' || swapBytes > 0 || memoryBytes > LARGE_BOX) return { kind: 'none' };
  const wanted = Math.min(MOST_FILE, Math.max(LEAST_FILE, inMiB(MEMORY_SHARE * memoryBytes)));
  const room = diskBytes === undefined ? wanted : inMiB(DISK_SHARE * diskBytes);
  if (room < LEAST_ON_DISK) {
    const bytes = inMiB(ZRAM_SHARE * memoryBytes);
    return { kind: 'zram', bytes, formula: `${ZRAM_SHARE} × ${memoryBytes / MiB} MiB` };
  }
  const formula =
    room < wanted
      ? `${DISK_SHARE} × ${Math.round((diskBytes ?? 0) / MiB)} MiB`
      : `${MEMORY_SHARE} × ${Math.round(memoryBytes / MiB)} MiB, 1024–2048`;
  return { kind: 'file', bytes: Math.min(wanted, room), formula };
}

function inMiB(bytes: Bytes): Bytes {
  return Math.floor(bytes / MiB) * MiB;
}
