import { MiB, SECOND } from '@maque/kit';
import { expect, it } from 'vitest';
import { OwnHeap } from './own-heap.ts';

function create() {
  let nowMs = 0;
  const own = new OwnHeap({ monotonic: () => nowMs });
  /** In use 10 s after a collection that left 30 MiB. */
  const seenAt = (uptimeMs: number) => {
    nowMs = uptimeMs;
    const floor = { heapFloor: 30 * MiB, heapFloorAtMs: uptimeMs - 10 * SECOND };
    const { heapUsed, heapFloor } = own.leaveOut({ uptimeMs, heapUsed: 50 * MiB, ...floor });
    return { heapUsed: heapUsed / MiB, heapFloor: (heapFloor ?? 0) / MiB };
  };
  return { own, seenAt };
}

it('is left out of what is in use and of what lives', () => {
  const { own, seenAt } = create();
  expect(seenAt(20 * SECOND)).toEqual({ heapUsed: 50, heapFloor: 30 });
  own.keep(3 * MiB);
  own.keep(MiB);
  expect(own.bytes).toBe(4 * MiB);
  expect(seenAt(40 * SECOND)).toEqual({ heapUsed: 46, heapFloor: 26 });
});

it('is left out of a floor from before it was let go, and of none after', () => {
  const { own, seenAt } = create();
  own.keep(4 * MiB);
  seenAt(60 * SECOND);
  own.letGo(3 * MiB);
  expect(seenAt(65 * SECOND)).toEqual({ heapUsed: 49, heapFloor: 26 });
  expect(seenAt(75 * SECOND)).toEqual({ heapUsed: 49, heapFloor: 29 });
});

it('makes no number of what is none', () => {
  const { own } = create();
  own.keep(4 * MiB);
  const unread = { uptimeMs: 1, heapUsed: MiB, heapFloor: null, heapFloorAtMs: null };
  expect(own.leaveOut(unread)).toEqual({ ...unread, heapUsed: 0 });
});
