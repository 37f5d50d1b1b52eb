import { expect, it } from 'vitest';
import { Collector } from '../collect-garbage.ts';
import { scheduleUnreferenced } from '../sample/schedule.ts';
import { nextMajorCollection, wait } from './wait.ts';

const never = new AbortController().signal;

it('tells of a major collection, and when there was none in time', async () => {
  const seen = nextMajorCollection(10_000, scheduleUnreferenced, never);
  new Collector().major();
  expect(await seen).toBe(true);
  expect(await nextMajorCollection(0, scheduleUnreferenced, never)).toBe(false);
});

it('ends at once when it is told to', async () => {
  const stopping = new AbortController();
  const waits = [
    wait(60_000, scheduleUnreferenced, stopping.signal),
    nextMajorCollection(60_000, scheduleUnreferenced, stopping.signal),
  ];
  stopping.abort(new Error('over'));
  for (const each of waits) await expect(each).rejects.toThrow('over');
  await expect(wait(1, scheduleUnreferenced, stopping.signal)).rejects.toThrow('over');
});
