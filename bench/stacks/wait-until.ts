import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';

export interface WaitOptions {
  /** What is waited for, for the error. */
  readonly what: string;
  readonly timeoutMs: Milliseconds;
  readonly everyMs: Milliseconds;
}

/**
 * Waits until a check says true; a check that throws ends the wait at once.
 * @throws Error when the time is up.
 */
export async function waitUntil(
  check: () => Promise<boolean> | boolean,
  { what, timeoutMs, everyMs }: WaitOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(everyMs);
  }
}
