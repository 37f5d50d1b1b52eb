import { setImmediate as nextTurn } from 'node:timers/promises';
import { createManualClock } from '@maque/kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { retryWhileBusy } from './retry-while-busy.ts';
import { SQLITE_BUSY } from './sqlite-errors.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }));
afterEach(() => vi.useRealTimers());

/** Somebody who waits for a lock, and how often the lock was asked for. */
function startWaiting(deadlineMs: number) {
  const clock = createManualClock();
  let attempts = 0;
  let isFree = false;
  const done = retryWhileBusy(
    () => {
      attempts += 1;
      if (!isFree) throw Object.assign(new Error('database is locked'), { errcode: SQLITE_BUSY });
      return 'locked';
    },
    deadlineMs,
    clock,
  );
  return {
    done,
    attempts: () => attempts,
    free: () => {
      isFree = true;
    },
    async pass(ms: number) {
      clock.advance(ms);
      vi.advanceTimersByTime(ms);
      for (let turn = 0; turn < 12; turn += 1) await nextTurn();
    },
  };
}

it('asks for a lock at once again, then each millisecond for as long as a group of writes may take', async () => {
  const waiting = startWaiting(5_000);
  await waiting.pass(0);
  const quick = waiting.attempts();
  expect(quick).toBeGreaterThan(1);
  for (let ms = 1; ms <= 20; ms += 1) {
    await waiting.pass(1);
    expect(waiting.attempts()).toBe(quick + ms);
  }
  waiting.free();
  await waiting.pass(20);
  expect(await waiting.done).toBe('locked');
});

it('asks a lock that is held for long every 10 to 20 ms, and gives up when its time is over', async () => {
  const waiting = startWaiting(1_000);
  await waiting.pass(0);
  const outcome = expect(waiting.done).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  for (let ms = 0; ms < 100; ms += 1) await waiting.pass(1);
  const attempts = waiting.attempts();
  for (let ms = 0; ms < 100; ms += 1) await waiting.pass(1);
  expect(waiting.attempts() - attempts).toBeGreaterThanOrEqual(4);
  expect(waiting.attempts() - attempts).toBeLessThanOrEqual(11);
  for (let ms = 0; ms < 850; ms += 1) await waiting.pass(1);
  await outcome;
});
