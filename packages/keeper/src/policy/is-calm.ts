import { type Milliseconds, SECOND } from '@maque/kit';
import type { KeeperState } from './model.ts';

// Heartbeats come every second; one that is late is the beginning of a silence.
const LATE_MS: Milliseconds = 1.25 * SECOND;

/** Whether nothing is under way that a tick more or less would be noticed in. */
export function isCalm(
  { mode, workers, seats, replacement, recycleQueue }: KeeperState,
  nowMs: Milliseconds,
): boolean {
  if (mode !== 'running' || replacement !== null || recycleQueue.length > 0) return false;
  if (workers.length !== seats.length) return false;
  return workers.every(
    ({ phase, heardMs }) => phase === 'ready' && (heardMs === null || nowMs - heardMs < LATE_MS),
  );
}
