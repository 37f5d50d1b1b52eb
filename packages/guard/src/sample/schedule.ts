import type { Milliseconds } from '@maque/kit';

/**
 * Calls back once after a delay, unless the returned function is called before. A parameter, so that tests need not
 * wait.
 */
export type Schedule = (callback: () => void, delayMs: Milliseconds) => () => void;

/** A timer that does not keep the process alive. */
export const scheduleUnreferenced: Schedule = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
