import { type Bytes, MiB } from '@maque/kit';
import { heapFlagsWithin } from '../../plan/components/worker-heap.ts';
import type { NodeGroup } from './node-groups.ts';
import { OUTSIDE_HEAP_BYTES } from './v8-heap.ts';

/** Larger heaps are seldom of use on a small box, and make each collection longer. */
const MOST_ADVISED_BYTES: Bytes = 560 * MiB;
/** Where nothing but the box limits them, apps leave half of what is available to files and bursts. */
const SHARE_OF_BOX = 0.5;

export interface AdvisedHeap {
  readonly oldSpaceMb: number;
  readonly semiSpaceMb: number;
  readonly flags: readonly string[];
}

/** The limits that let all apps of a group fit into what they have. */
export function adviseHeap({ apps, limitBytes, roomBytes }: NodeGroup): AdvisedHeap {
  const together = limitBytes ?? roomBytes * SHARE_OF_BOX;
  const each = Math.min(MOST_ADVISED_BYTES, together / apps.length - OUTSIDE_HEAP_BYTES);
  const { oldSpaceMb, semiSpaceMb } = heapFlagsWithin(Math.max(0, each));
  return { oldSpaceMb, semiSpaceMb, flags: heapFlagWords(oldSpaceMb, semiSpaceMb) };
}

/** The semi-space for an old space of this size. */
export function adviseSemiSpace(oldSpaceMb: number): number {
  return heapFlagsWithin(oldSpaceMb * MiB).semiSpaceMb;
}

function heapFlagWords(oldSpaceMb: number, semiSpaceMb: number): readonly string[] {
  return [`--max-old-space-size=${oldSpaceMb}`, `--max-semi-space-size=${semiSpaceMb}`];
}
