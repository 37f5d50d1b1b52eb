import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { PassingSet } from './passing-set.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;

const UNDER_WAY = 20;
const ITEM_BYTES = 3_200;

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;
}

/** How much more is in the old space once so many things have come and gone. */
function leftBehind(add: (item: object) => void, remove: (item: object) => void, items: number): number {
  const underWay: object[] = [];
  for (let round = 0; round < UNDER_WAY; round += 1) underWay.push(new Array(ITEM_BYTES / 8).fill(round));
  underWay.forEach(add);
  // As in a process that has served for a while: what is here now is old.
  collect({ type: 'major' });
  collect({ type: 'major' });
  const before = oldBytes();
  for (let index = 0; index < items; index += 1) {
    const item = new Array(ITEM_BYTES / 8).fill(index);
    add(item);
    underWay.push(item);
    remove(underWay.shift() as object);
    if (index % 100 === 99) collect({ type: 'minor' });
  }
  return oldBytes() - before;
}

it('leaves nothing behind of what has passed through it, as a Set does', () => {
  const passing = new PassingSet<object>();
  const inSet = new Set<object>();
  const items = 2_000;
  const afterSet = leftBehind(
    (item) => inSet.add(item),
    (item) => inSet.delete(item),
    items,
  );
  const afterPassing = leftBehind(
    (item) => passing.add(item),
    (item) => passing.delete(item),
    items,
  );
  // What is under way at a collection is old after the next one; the rest is gone.
  expect(afterPassing).toBeLessThan(0.1 * items * ITEM_BYTES);
  expect(afterSet).toBeGreaterThan(2 * afterPassing);
});
