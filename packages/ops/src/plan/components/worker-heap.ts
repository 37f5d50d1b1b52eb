import { type Bytes, MiB } from '@maque/kit';
import { atSize, type Component } from '../component.ts';

/** The two V8 limits of one process, in MiB as Node's flags take them. */
export interface HeapFlags {
  readonly oldSpaceMb: number;
  readonly semiSpaceMb: number;
}

// Below 96 MiB of old space a busy server collects more than it serves.
const LEAST_OLD_SPACE_MB = 96;

/**
 * The semi-space that suits an old space. Larger ones do not make small heaps faster: measured with a live set of
 * half the old space, 16 instead of 4 doubled the CPU time per request at 64 MiB, and V8's own choice of 32 ran one
 * of four processes out of heap, because the young generation is taken from the room for promotion.
 */
export function semiSpaceFor(oldSpaceMb: number): number {
  if (oldSpaceMb <= 128) return 4;
  return oldSpaceMb <= 256 ? 8 : 16;
}

/** V8 holds `old + 3 × semi` at most (two semi-spaces, and as much again while it copies). */
export function heapMb(oldSpaceMb: number): number {
  return oldSpaceMb + 3 * semiSpaceFor(oldSpaceMb);
}

/** The heap of a worker that has just begun. */
export function leastHeapBytes(): Bytes {
  return heapMb(LEAST_OLD_SPACE_MB) * MiB;
}

/**
 * The largest old space whose heap fits into `bytes`, never below 96 MiB. Just above a step of the semi-space the heap does
 * not fit where the largest below it does.
 */
export function heapFlagsWithin(bytes: Bytes): HeapFlags {
  const heap = Math.floor(bytes / MiB);
  const large = heap - 3 * 16;
  const medium = Math.min(256, heap - 3 * 8);
  const small = Math.max(LEAST_OLD_SPACE_MB, Math.min(128, heap - 3 * 4));
  const oldSpaceMb = large > 256 ? large : medium > 128 ? medium : small;
  return { oldSpaceMb, semiSpaceMb: semiSpaceFor(oldSpaceMb) };
}

/** The flags of a heap: what was told, or the largest that fits into its part of the sum. */
export function heapFlags(bytes: Bytes, toldOldSpaceMb?: number): HeapFlags {
  if (toldOldSpaceMb === undefined) return heapFlagsWithin(bytes);
  return { oldSpaceMb: toldOldSpaceMb, semiSpaceMb: semiSpaceFor(toldOldSpaceMb) };
}

/**
 * @param mostOldSpaceMb what the program makes good use of.
 * @param toldOldSpaceMb what it gets, however little or much that is.
 */
export function workerHeap(mostOldSpaceMb: number, toldOldSpaceMb?: number): Component {
  const told = toldOldSpaceMb === undefined ? undefined : heapMb(toldOldSpaceMb) * MiB;
  const component: Component = {
    code: 'HEAP',
    name: { en: 'JavaScript heap', zh: 'JavaScript 堆' },
    floorBytes: leastHeapBytes(),
    ceilingBytes: heapMb(mostOldSpaceMb) * MiB,
    weight: 50,
    settle: (offered) => heapMb(heapFlagsWithin(offered).oldSpaceMb) * MiB,
    formula(bytes) {
      const { oldSpaceMb, semiSpaceMb } = heapFlags(bytes, toldOldSpaceMb);
      return `${oldSpaceMb} + 3 × ${semiSpaceMb}`;
    },
    source: {
      en: '--max-old-space-size + 3 × --max-semi-space-size: V8 holds no more, measured in 56 runs',
      zh: '--max-old-space-size + 3 × --max-semi-space-size:56 次实测，V8 从未超出',
    },
  };
  return atSize(component, told);
}
