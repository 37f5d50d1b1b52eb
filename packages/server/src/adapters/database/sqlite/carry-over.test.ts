import { expect, it } from 'vitest';
import { type CheckpointMode, carryOver } from './carry-over.ts';

/** What is done with a log in which one pass after the other finds so many pages; of these, so many are not being read. */
function passesOver(found: readonly number[], free = Number.POSITIVE_INFINITY): readonly CheckpointMode[] {
  const done: CheckpointMode[] = [];
  carryOver((mode) => {
    const log = found[done.length] ?? Number.NaN;
    done.push(mode);
    return { log, carried: Math.min(log, free) };
  });
  return done;
}

it('leaves writers their lock when they pause', () => {
  expect(passesOver([4_000, 4_000])).toEqual(['passive', 'passive']);
  expect(passesOver([4_000, 4_120, 4_120])).toEqual(['passive', 'passive', 'passive']);
});

it('is done when the log has begun anew', () => {
  expect(passesOver([4_000, 4_120, 3])).toEqual(['passive', 'passive', 'passive']);
});

it('takes the lock of writers who never pause, once, for what is left', () => {
  expect(passesOver([4_000, 4_120, 4_130, 4_135, 4_140])).toEqual([...Array(4).fill('passive'), 'full']);
});

it('waits for nobody who reads', () => {
  expect(passesOver([4_000], 1_000)).toEqual(['passive']);
});
