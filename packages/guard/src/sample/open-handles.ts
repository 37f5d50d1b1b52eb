import { type Clock, type Milliseconds, SECOND } from '@maque/kit';

// One call costs 27 ns a handle, 165 µs with 6,000 sockets: every ten seconds is 0.002 % of a core even then.
const READ_EVERY_MS: Milliseconds = 10 * SECOND;

/** Counts what keeps or could keep the loop alive: sockets, timers, files, requests. */
export function createHandleReader(clock: Clock): () => number {
  let handles = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.monotonic();
    if (now - readAtMs >= READ_EVERY_MS) {
      readAtMs = now;
      handles = process.getActiveResourcesInfo().length;
    }
    return handles;
  };
}
