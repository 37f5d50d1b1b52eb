import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { heapFlagsWithin, heapMb, semiSpaceFor } from './worker-heap.ts';

it('gives the largest heap that fits, by the megabyte, with the semi-space that suits it', () => {
  for (let mb = 108; mb <= 2048; mb += 1) {
    const { oldSpaceMb, semiSpaceMb } = heapFlagsWithin(mb * MiB);
    expect(semiSpaceMb).toBe(semiSpaceFor(oldSpaceMb));
    expect(heapMb(oldSpaceMb)).toBeLessThanOrEqual(mb);
    for (let larger = oldSpaceMb + 1; larger <= mb; larger += 1)
      if (heapMb(larger) <= mb) throw new Error(`${larger} MiB fit into ${mb}`);
    expect(heapFlagsWithin(mb * MiB + 1)).toEqual({ oldSpaceMb, semiSpaceMb });
  }
});

it('gives what a busy server needs also where that does not fit', () => {
  for (const bytes of [-1, 0, 1, 107 * MiB])
    expect(heapFlagsWithin(bytes)).toEqual({ oldSpaceMb: 96, semiSpaceMb: 4 });
});

it('has an answer to sizes whose megabytes no number can count', () => {
  expect(heapFlagsWithin(2 ** 60 * MiB)).toEqual({ oldSpaceMb: 2 ** 60, semiSpaceMb: 16 });
});
