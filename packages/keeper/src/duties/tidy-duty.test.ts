import { type Bytes, createManualClock, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { TidyDuty } from './tidy-duty.ts';

const LIVING: Bytes = 7 * MiB;

function tidied() {
  const clock = createManualClock();
  const heap = {
    garbage: 0,
    collections: 0,
    inUse: () => LIVING + heap.garbage,
    collect() {
      heap.collections += 1;
      heap.garbage = 0;
    },
  };
  return { clock, heap, duty: new TidyDuty(clock, heap) };
}

describe('while all is calm', () => {
  it('collects once after the start, and not again while nothing happens', () => {
    const { clock, heap, duty } = tidied();
    for (let second = 0; second < 100; second += 1) {
      duty.look(true);
      clock.advance(1_000);
    }
    expect(heap.collections).toBe(1);
  });

  it('collects again when there is something to collect, every half a minute at most', () => {
    const { clock, heap, duty } = tidied();
    for (let second = 0; second < 90; second += 1) {
      heap.garbage += MiB;
      duty.look(true);
      clock.advance(1_000);
    }
    expect(heap.collections).toBe(3);
    heap.garbage = 1.5 * MiB - 1;
    clock.advance(60_000);
    duty.look(true);
    expect(heap.collections).toBe(3);
  });

  it('collects whatever a worker that has ended leaves', () => {
    const { clock, heap, duty } = tidied();
    duty.look(true);
    for (let worker = 0; worker < 5; worker += 1) {
      duty.workerEnded();
      clock.advance(29_999);
      duty.look(true);
      expect(heap.collections).toBe(1 + worker);
      clock.advance(1);
      duty.look(true);
      expect(heap.collections).toBe(2 + worker);
    }
  });
});

describe('while it never is', () => {
  it('leaves a start alone, and then does not let garbage grow without end', () => {
    const { clock, heap, duty } = tidied();
    const collectedAt: number[] = [];
    for (let second = 0; second <= 30; second += 1) {
      const before = heap.collections;
      heap.garbage += MiB;
      duty.look(false);
      if (heap.collections > before) collectedAt.push(second);
      clock.advance(1_000);
    }
    expect(collectedAt).toEqual([10, 20, 30]);
  });

  it('waits for a calm moment that comes soon', () => {
    const { clock, heap, duty } = tidied();
    duty.look(true);
    for (let second = 0; second < 29; second += 1) {
      heap.garbage += MiB;
      duty.look(second % 5 === 0);
      clock.advance(1_000);
    }
    expect(heap.collections).toBe(1);
  });
});
