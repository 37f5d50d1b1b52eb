import { type Bytes, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { type BoxMemory, type BoxRules, FRESH_BYTES, type WorkerVerdict } from './box-decision.ts';
import { roomOf, timeUntil, usedShare } from './box-room.ts';
import type { BoxView, WorkerView } from './box-view.ts';
import { growthOverBudget, isOverBudget, verdictOn, worstOf } from './culprits.ts';

// A drain may take its whole time, and half as much again for a start on a busy core; but who knows what is in a minute.
const HORIZON_FACTOR = 1.5;
const LONGEST_HORIZON_MS: Milliseconds = 30 * SECOND;

// A worker that has taken this part of its budget and rises steadily will take the rest of it.
const BUDGET_SHARE = 0.85;
// …by at least this part of the budget in half a minute: 6 MiB/min of 150 MiB. What is slower is the forecast's to find.
const LEAST_RISE_SHARE = 0.02;
// A program that needs more than its budget would be replaced for ever: after each time a quarter more is overlooked.
const OVERLOOKED_FACTOR = 1.25;

const FULL_SHARE = 0.9;
// Slower growth is noise.
const LEAST_RATE = MiB;

// Heaps driven into their limit died at 0.91 to 0.99 of it (measured); from 0.85 on there are seconds left.
const HEAP_SHARE = 0.85;
const HEAP_FULL_SHARE = 0.92;
// A cache that warms up rises as steeply as a leak; below 0.7 it has room to flatten.
const RISING_HEAP_SHARE = 0.7;

// A neighbour's growth is answered by shedding first, and by a worker's memory only where that is worth it.
const SHED_FIRST_MS: Milliseconds = 10 * SECOND;
const NEIGHBOUR_EVERY_MS: Milliseconds = 5 * MINUTE;
const WORTH_SHARE = 0.05;

/** The one worker that is to be replaced now, for the most pressing reason there is. */
export function chooseRecycle(view: BoxView, memory: BoxMemory, rules: BoxRules): WorkerVerdict | null {
  const isLeaving = ({ pid, phase }: WorkerView) => phase === 'draining' && pid === memory.recycled?.pid;
  const somebodyLeaves = view.workers.some(isLeaving);
  // Nobody while one more is on its way in, or has yet to be heard.
  if (memory.killed !== null || (memory.recycled !== null && !somebodyLeaves)) return null;
  if (view.workers.some((worker) => worker.phase !== 'ready' && !isLeaving(worker))) return null;
  const horizonMs = Math.min(LONGEST_HORIZON_MS, HORIZON_FACTOR * rules.recycleMs);
  // Equal workers fill at the same pace: V8 does not wait until the first of them has left.
  const dying = dyingHeap(view, horizonMs);
  if (dying !== null || somebodyLeaves) return dying;
  return (
    runningOver(view, horizonMs) ??
    farOver(view, memory) ??
    nearBudget(view, memory) ??
    allThatHelps(view, memory)
  );
}

function dyingHeap(view: BoxView, horizonMs: Milliseconds): WorkerVerdict | null {
  const dying = view.workers.filter(({ phase, heap }) => {
    if (heap === null || phase !== 'ready') return false;
    const share = heap.floorBytes / heap.limitBytes;
    if (share >= HEAP_FULL_SHARE) return true;
    if (heap.limitInMs === null) return false;
    return share >= HEAP_SHARE || (share >= RISING_HEAP_SHARE && heap.limitInMs < horizonMs);
  });
  const [worst] = dying.sort((a, b) => heapRoom(a) - heapRoom(b));
  return worst === undefined ? null : { ...verdictOn(worst, 'heap', view), roomBytes: heapRoom(worst) };
}

function heapRoom({ heap }: WorkerView): Bytes {
  return heap === null ? Number.POSITIVE_INFINITY : Math.max(0, heap.limitBytes - heap.floorBytes);
}

/** Over its budget and growing, so that the box is full before a replacement is done. What others grow is not counted. */
function runningOver(view: BoxView, horizonMs: Milliseconds): WorkerVerdict | null {
  if (timeUntil(roomOf(view), growthOverBudget(view)) >= horizonMs) return null;
  const growing = view.workers.filter(
    (worker) => isOverBudget(worker) && worker.growth.rateLasting >= LEAST_RATE,
  );
  const worst = worstOf(growing, horizonMs);
  return worst === undefined ? null : verdictOn(worst, 'box', view);
}

/** Far over its budget in a box that is full, though it has stopped growing. */
function farOver(view: BoxView, { budgetRecycles }: BoxMemory): WorkerVerdict | null {
  if (usedShare(view) < FULL_SHARE) return null;
  const factor = OVERLOOKED_FACTOR ** (budgetRecycles + 1);
  const worst = worstOf(
    view.workers.filter(({ growth, budgetBytes }) => growth.bytes > factor * budgetBytes),
    SECOND,
  );
  return worst === undefined ? null : verdictOn(worst, 'full', view);
}

/** Near its budget, and what it cannot do without has risen steadily for half a minute. */
function nearBudget(view: BoxView, { budgetRecycles }: BoxMemory): WorkerVerdict | null {
  const share = BUDGET_SHARE * OVERLOOKED_FACTOR ** budgetRecycles;
  const rising = view.workers.filter(
    ({ risingFloor, budgetBytes }) =>
      risingFloor !== null &&
      risingFloor.bytes >= share * budgetBytes &&
      risingFloor.risenBytes >= LEAST_RISE_SHARE * budgetBytes,
  );
  const worst = worstOf(rising, SECOND);
  return worst === undefined ? null : verdictOn(worst, 'budget', view);
}

/** The box has been critical for long, nobody of ours is to blame, and a fresh worker would need much less. */
function allThatHelps(view: BoxView, memory: BoxMemory): WorkerVerdict | null {
  const { criticalSinceMs, neighbourRecycledMs } = memory;
  if (criticalSinceMs === null || view.atMs - criticalSinceMs < SHED_FIRST_MS) return null;
  if (view.atMs - neighbourRecycledMs < NEIGHBOUR_EVERY_MS || usedShare(view) < FULL_SHARE) return null;
  const [largest] = [...view.workers].sort((a, b) => b.growth.bytes - a.growth.bytes);
  // A lone worker is replaced with a second one beside it, for which there is no room.
  if (largest === undefined || view.workers.length < 2) return null;
  const gained = largest.growth.bytes - FRESH_BYTES;
  return gained >= WORTH_SHARE * view.limitBytes ? verdictOn(largest, 'neighbour', view) : null;
}
