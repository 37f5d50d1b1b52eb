import type { Milliseconds } from '@maque/kit';
import { onMajorCollection } from '../sample/major-collections.ts';
import type { Schedule } from '../sample/schedule.ts';

/** @throws the signal's reason when it is aborted meanwhile. */
export function wait(ms: Milliseconds, schedule: Schedule, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      unschedule();
      reject(signal.reason);
    };
    const unschedule = schedule(
      () => {
        signal.removeEventListener('abort', abort);
        resolve();
      },
      Math.max(0, ms),
    );
    signal.addEventListener('abort', abort, { once: true });
  });
}

/**
 * Waits for a major collection that V8 makes by itself; it tells some milliseconds after one.
 * @returns whether there was one in time.
 * @throws the signal's reason when it is aborted meanwhile.
 */
export async function nextMajorCollection(
  longestMs: Milliseconds,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<boolean> {
  const seen = Promise.withResolvers<boolean>();
  const over = new AbortController();
  const stop = onMajorCollection(() => seen.resolve(true));
  try {
    const late = wait(longestMs, schedule, AbortSignal.any([signal, over.signal])).then(() => false);
    return await Promise.race([seen.promise, late]);
  } finally {
    stop();
    over.abort();
  }
}
