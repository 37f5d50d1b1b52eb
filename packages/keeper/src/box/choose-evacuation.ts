import { type Milliseconds, SECOND } from '@maque/kit';
import type { BoxMemory } from './box-decision.ts';
import type { BoxView, WorkerView } from './box-view.ts';
import type { HeapOutlook } from './heap-track.ts';

// A successor serves after 0.1 to 1.3 s on a busy core (measured), and the last answers of the old one want some time too.
const TOO_SOON_MS: Milliseconds = 2 * SECOND;
// Heaps driven into their limit died at 0.91 to 0.99 of it (measured), with all requests that came in during the last tenth
// of a second.
const FULL_SHARE = 0.92;

/**
 * The worker whose heap is full before a successor could serve, and that has not been asked to let go of its connections
 * yet. What V8 aborts takes along whatever it was sent meanwhile.
 */
export function chooseEvacuation({ workers }: BoxView, { evacuated }: BoxMemory): WorkerView | null {
  const hasTo = ({ phase, pid, heap }: WorkerView) =>
    (phase === 'ready' || phase === 'draining') && pid !== evacuated?.pid && heap !== null && isEnding(heap);
  return workers.find(hasTo) ?? null;
}

function isEnding({ floorBytes, limitBytes, limitInMs }: HeapOutlook): boolean {
  return floorBytes >= FULL_SHARE * limitBytes || (limitInMs !== null && limitInMs < TOO_SOON_MS);
}
