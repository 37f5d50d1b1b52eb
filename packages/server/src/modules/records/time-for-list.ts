import { errors } from '@maque/contract';
import type { Milliseconds } from '@maque/kit';

/**
 * Keeps a list of several statements within the time of one: each of them has `maxMs` by itself, and on SQLite they run
 * one after the other on the thread that answers everybody.
 * @param maxMs for ever unless told.
 * @returns to be called before each statement but the first; throws CodedError QUERY_TOO_COSTLY when the time is over.
 */
export function timeForList(maxMs: Milliseconds | undefined): () => void {
  if (maxMs === undefined) return () => {};
  const startedAt = performance.now();
  return () => {
    if (performance.now() - startedAt > maxMs) throw errors.QUERY_TOO_COSTLY();
  };
}
