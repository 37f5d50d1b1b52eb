import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';

// Short against anything a test waits for, long enough that polling costs a busy machine nothing.
const POLL_INTERVAL_MS = 20;
// Enough on a machine that others crowd; what passes costs nothing by it.
const MOST_MS: Milliseconds = 20_000;

/**
 * Asks again and again until the answer is neither undefined nor false, and gives it.
 * @param what completes "timed out waiting for …".
 * @throws Error after `deadlineMs`, with the last error that the question threw as its cause.
 */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  deadlineMs: Milliseconds = MOST_MS,
): Promise<Answer> {
  const endsAt = performance.now() + deadlineMs;
  let cause: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    await sleep(POLL_INTERVAL_MS);
  } while (performance.now() < endsAt);
  throw new Error(`timed out after ${deadlineMs} ms waiting for ${what}`, { cause });
}
