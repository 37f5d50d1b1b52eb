import { constants, type PerformanceNodeEntry, PerformanceObserver } from 'node:perf_hooks';
import type { Milliseconds } from '@maque/kit';
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
 * Waits for a major collection that V8 makes by itself; it tells 1 to 3 ms after one (48 ms at worst in a thrashing heap).
 * @returns whether there was one in time.
 * @throws the signal's reason when it is aborted meanwhile.
 */
export async function nextMajorCollection(
  longestMs: Milliseconds,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<boolean> {
  const seen = Promise.withResolvers<boolean>();
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isMajor)) seen.resolve(true);
  });
  observer.observe({ entryTypes: ['gc'] });
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([seen.promise, wait(longestMs, schedule, ended).then(() => false)]);
  } finally {
    observer.disconnect();
    over.abort();
  }
}

function isMajor(entry: PerformanceEntry): boolean {
  const { detail } = entry as PerformanceNodeEntry;
  return (detail as { kind?: number } | undefined)?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
