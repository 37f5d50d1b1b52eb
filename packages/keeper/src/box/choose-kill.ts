import { MiB, type Milliseconds } from '@maque/kit';
import type { BoxMemory, WorkerVerdict } from './box-decision.ts';
import type { Growing } from './box-level.ts';
import { roomOf, timeUntil } from './box-room.ts';
import type { BoxView, WorkerView } from './box-view.ts';
import { isOverBudget, verdictOn, worstOf } from './culprits.ts';

// A tick, the kill and the kernel's taking down of some hundred MiB took 0.3 s at most (measured); the rate may double.
const LEAD_MS: Milliseconds = 750;
// Slower growth leaves the time that a replacement takes, or is noise.
const LEAST_RATE = MiB;
// Under this the kernel is about to choose; a worker that is far over its budget goes then even if it has stopped.
const NO_ROOM_SHARE = 0.02;
const FAR_OVER_FACTOR = 1.25;

/**
 * The worker that reaches the limit before anything gentler is done: over its budget, and what it did in the last
 * second, done once more, leaves nothing. Until then a drain has its time, in which most requests end.
 */
export function chooseKill(view: BoxView, memory: BoxMemory, growing: Growing): WorkerVerdict | null {
  // One at a time: what the first gives back may be enough for the next.
  if (memory.killed !== null || view.workers.some(({ phase }) => phase === 'killed')) return null;
  // Swap is room here: while there is some the kernel does not kill.
  const roomBytes = roomOf(view) + view.swapFreeBytes - NO_ROOM_SHARE * view.limitBytes;
  const culprits = view.workers.filter((worker) => {
    const { growth, budgetBytes } = worker;
    if (!isOverBudget(worker)) return false;
    if (roomBytes < 0 && growth.bytes > FAR_OVER_FACTOR * budgetBytes) return true;
    const rate = Math.max(growth.rateNow, growing.bytesPerSecond);
    return growth.rateNow >= LEAST_RATE && timeUntil(roomBytes, rate) < LEAD_MS;
  });
  const worst = worstOf(culprits, LEAD_MS);
  return worst === undefined ? null : verdictOn(leastMissed(worst, view.workers), 'limit', view);
}

/** Somebody has to serve: where nobody else does, a worker that is on its way out goes in the culprit's place. */
function leastMissed(culprit: WorkerView, workers: readonly WorkerView[]): WorkerView {
  const somebodyServes = workers.some((worker) => worker !== culprit && worker.phase === 'ready');
  const leaving = workers.find(({ phase }) => phase === 'draining');
  return somebodyServes || culprit.phase !== 'ready' ? culprit : (leaving ?? culprit);
}
