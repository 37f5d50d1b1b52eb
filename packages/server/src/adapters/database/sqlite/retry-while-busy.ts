import { setImmediate as nextTurn } from 'node:timers/promises';
import { errors } from '@maque/contract';
import type { Clock, Milliseconds } from '@maque/kit';
import { isBusy } from './sqlite-errors.ts';

// A transaction of the other worker takes some 100 µs, so its lock is often free one turn of the event loop later.
const QUICK_ATTEMPTS = 8;
// A group of writes or the end of a checkpoint holds the lock for 10 ms at most, unless the disk is slow. An attempt takes
// 3 µs (measured), so one a millisecond costs nothing. Where the other worker has the lock for 6 ms of 12 a write waits 4 ms
// on average, instead of 7 with pauses that grow from the start (measured).
const SHORT_PAUSES = 20;
const SHORT_PAUSE_MS: Milliseconds = 1;
const MAX_PAUSE_MS: Milliseconds = 20;

/**
 * Runs `attempt` until the database is not locked by another process, giving the event loop back in between: SQLite's
 * own busy timeout would sleep on this thread, and every other request with it.
 * @throws CodedError DATABASE_BUSY when `deadlineMs` has passed; whatever else `attempt` throws, at once.
 */
export async function retryWhileBusy<T>(
  attempt: () => T,
  deadlineMs: Milliseconds,
  clock: Clock,
): Promise<T> {
  const giveUpAtMs = clock.monotonic() + deadlineMs;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (clock.monotonic() >= giveUpAtMs) throw errors.DATABASE_BUSY({ cause: error, retryAfterSeconds: 1 });
    }
    if (attempts <= QUICK_ATTEMPTS) await nextTurn();
    else await sleep(pauseMs(attempts - QUICK_ATTEMPTS));
  }
}

/** A millisecond at first; then growing to 20, half of it by chance, so that two workers do not meet again and again. */
function pauseMs(round: number): Milliseconds {
  if (round <= SHORT_PAUSES) return SHORT_PAUSE_MS;
  const bound = Math.min(MAX_PAUSE_MS, 2 ** Math.min(round - SHORT_PAUSES, 5));
  return bound / 2 + (Math.random() * bound) / 2;
}

function sleep(ms: Milliseconds): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
