import { systemClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { ShortTurns } from './short-turns.ts';

function work(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

it('lets others work between its pieces, and knows the longest', async () => {
  const turns = new ShortTurns(systemClock);
  const seen: string[] = [];
  setImmediate(() => seen.push('another'));
  const first = turns.next(() => {
    seen.push('first');
    work(12);
    return 1;
  });
  expect(seen).toEqual([]);
  expect(await first).toBe(1);
  setImmediate(() => seen.push('another'));
  await turns.next(() => {
    seen.push('second');
    work(24);
  });
  expect(seen).toEqual(['another', 'first', 'another', 'second']);
  expect(turns.longestMs).toBeGreaterThanOrEqual(24);
  expect(turns.longestMs).toBeLessThan(turns.totalMs - 11);
  expect(turns.longestWorkMs).toBeLessThanOrEqual(turns.longestMs);
  expect(turns.longestWorkMs).toBeGreaterThan(0);
});

it('counts a piece that fails', () => {
  const turns = new ShortTurns(systemClock);
  const fail = () => {
    work(5);
    throw new Error('no');
  };
  expect(() => turns.now(fail)).toThrow('no');
  expect(turns.longestMs).toBeGreaterThanOrEqual(5);
});
