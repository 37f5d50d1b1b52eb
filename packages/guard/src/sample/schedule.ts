import type { Milliseconds } from '@maque/kit';
import { harmless } from '../harmless.ts';

/**
 * Calls back once after a delay, unless the returned function is called before. A parameter, so that tests need not
 * wait.
 */
export type Schedule = (callback: () => void, delayMs: Milliseconds) => () => void;

/** A timer that neither keeps the process alive nor ends it. */
export const scheduleUnreferenced: Schedule = (callback, delayMs) => {
  const timer = setTimeout(harmless(callback), delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
