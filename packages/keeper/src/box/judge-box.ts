import { type Bytes, HOUR, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import type {
  BoxDecision,
  BoxMemory,
  BoxReason,
  BoxRules,
  VerdictCode,
  WorkerVerdict,
} from './box-decision.ts';
import { type Growing, nextLevel, shortages, usedShare } from './box-level.ts';
import type { BoxView, WorkerView } from './box-view.ts';

// A worker that has taken this part of its budget and rises steadily will take the rest of it.
const BUDGET_SHARE = 0.85;
// …by at least this part of the budget in half a minute: 6 MiB/min of 150 MiB. What is slower is the forecast's to find.
const LEAST_RISE_SHARE = 0.02;
// A program that needs more than its budget would be replaced for ever: after each time a quarter more is overlooked,
// until an hour has passed without.
const OVERLOOKED_FACTOR = 1.25;
const MOST_OVERLOOKED_TIMES = 8;
const OVERLOOKED_FOR_MS: Milliseconds = HOUR;

// Heaps driven into their limit died at 0.91 to 0.99 of it (measured); from 0.85 on there are seconds left.
const HEAP_SHARE = 0.85;
const HEAP_FULL_SHARE = 0.92;
// A cache that warms up rises as steeply as a leak; below 0.7 it has room to flatten.
const RISING_HEAP_SHARE = 0.7;

// A drain may take its whole time, and half as much again for a start on a busy core.
const HORIZON_FACTOR = 1.5;
// A tick, the kill and the kernel's taking down of some hundred MiB took 0.3 s at most (measured); the rate may double.
const KILL_LEAD_MS: Milliseconds = 750;
// Slower growth leaves the time that a replacement takes, or is noise.
const LEAST_KILL_RATE = MiB;
// Under this the kernel is about to choose; a worker that is far over its budget goes then even if it has stopped.
const NO_ROOM_SHARE = 0.02;
const FAR_OVER_FACTOR = 1.25;
const FULL_SHARE = 0.9;

// What a fresh worker takes until it serves: 45 MiB of its own for a bare program, 86 with a framework and drivers.
const FRESH_BYTES: Bytes = 64 * MiB;
// What has to be left when a spare has started.
const SPARE_MARGIN_SHARE = 0.05;

// Until a replacement shows in the box. The longest drain ends before a keeper's patience does.
const RECYCLE_TAKES_MS: Milliseconds = 30 * SECOND;
const KILL_TAKES_MS: Milliseconds = 2 * SECOND;

// A neighbour's growth is answered by shedding first, and by a worker's memory only where that is worth it.
const SHED_FIRST_MS: Milliseconds = 10 * SECOND;
const NEIGHBOUR_EVERY_MS: Milliseconds = 5 * MINUTE;
const WORTH_SHARE = 0.05;

/**
 * What to do about the box. Pure: the view and what was remembered come in, the decision and what to remember go out.
 * One worker at a time is replaced, and one at a time is killed; the level rises at once and falls slowly.
 */
export function judgeBox(
  view: BoxView,
  memory: BoxMemory,
  rules: BoxRules,
): { readonly decision: BoxDecision; readonly memory: BoxMemory } {
  const growing = unboundedGrowth(view);
  const calmed = forget(view, memory);
  const kill = chooseKill(view, calmed, growing);
  const recycle = kill === null ? chooseRecycle(view, calmed, growing, rules) : null;
  const remembered = remember(view, calmed, recycle, kill);
  const level = nextLevel(view, growing, isRemedied(remembered), calmed);
  const reasons = level.level === 'none' ? [] : [...shortages(view, growing), ...growers(view)];
  const spareFits = roomOf(view) - FRESH_BYTES >= SPARE_MARGIN_SHARE * view.limitBytes;
  return {
    decision: { level: level.level, reasons, recycle, kill, spareFits },
    memory: { ...remembered, ...level },
  };
}

/** Infinite where nobody tells: what is not known is not short. */
function roomOf({ limitBytes, usedBytes }: BoxView): Bytes {
  return usedBytes === null ? Number.POSITIVE_INFINITY : Math.max(0, limitBytes - usedBytes);
}

function overBudget({ growth, budgetBytes }: WorkerView): boolean {
  return growth.bytes > budgetBytes;
}

/** Within its budget a worker may grow as fast as it likes: the plan has counted all of it. */
function unboundedGrowth(view: BoxView): Growing {
  const own = view.workers.filter(overBudget).map(({ growth }) => Math.max(0, growth.rateLasting));
  const bytesPerSecond = own.reduce((sum, rate) => sum + rate, Math.max(0, view.others?.rateLasting ?? 0));
  return { bytesPerSecond, limitInMs: timeUntil(roomOf(view), bytesPerSecond) };
}

function timeUntil(roomBytes: Bytes, bytesPerSecond: number): Milliseconds {
  return bytesPerSecond > 0 ? (roomBytes / bytesPerSecond) * SECOND : Number.POSITIVE_INFINITY;
}

/** Drops what is over, and everything when the clock jumped back. */
function forget(view: BoxView, memory: BoxMemory): BoxMemory {
  const isPending = (asked: BoxMemory['killed'], withinMs: Milliseconds) => {
    const sinceMs = view.atMs - (asked?.atMs ?? 0);
    return view.workers.some(({ pid }) => pid === asked?.pid) && sinceMs >= 0 && sinceMs < withinMs;
  };
  const quietMs = view.atMs - memory.budgetRecycledMs;
  return {
    ...memory,
    recycled: isPending(memory.recycled, RECYCLE_TAKES_MS) ? memory.recycled : null,
    killed: isPending(memory.killed, KILL_TAKES_MS) ? memory.killed : null,
    budgetRecycles: quietMs >= 0 && quietMs < OVERLOOKED_FOR_MS ? memory.budgetRecycles : 0,
  };
}

/** Whoever is to blame for a full box is on its way out. */
function isRemedied({ recycled, killed }: BoxMemory): boolean {
  return killed !== null || recycled?.code === 'box';
}

function remember(
  { atMs, workers }: BoxView,
  memory: BoxMemory,
  recycle: WorkerVerdict | null,
  kill: WorkerVerdict | null,
): BoxMemory {
  const askedFor = (verdict: WorkerVerdict | null) => {
    const pid = workers.find(({ id }) => id === verdict?.worker)?.pid;
    return pid === undefined || verdict === null ? null : { pid, atMs, code: verdict.code };
  };
  return {
    ...memory,
    recycled: askedFor(recycle) ?? memory.recycled,
    killed: askedFor(kill) ?? memory.killed,
    ...(recycle?.code === 'budget' && {
      budgetRecycles: Math.min(MOST_OVERLOOKED_TIMES, memory.budgetRecycles + 1),
      budgetRecycledMs: atMs,
    }),
    ...(recycle?.code === 'neighbour' && { neighbourRecycledMs: atMs }),
  };
}

/**
 * The worker that reaches the limit before anything gentler is done: over its budget, and what it did in the last
 * second, done once more, leaves nothing. Swap is room here: with it the kernel does not kill yet.
 */
function chooseKill(view: BoxView, memory: BoxMemory, { bytesPerSecond }: Growing): WorkerVerdict | null {
  if (memory.killed !== null || view.workers.some(({ phase }) => phase === 'killed')) return null;
  const noRoom = NO_ROOM_SHARE * view.limitBytes;
  const roomBytes = roomOf(view) + view.swapFreeBytes - noRoom;
  const culprits = view.workers.filter(({ growth, budgetBytes }) => {
    if (growth.bytes <= budgetBytes) return false;
    if (roomBytes < 0 && growth.bytes > FAR_OVER_FACTOR * budgetBytes) return true;
    const rate = Math.max(growth.rateNow, bytesPerSecond);
    return growth.rateNow >= LEAST_KILL_RATE && timeUntil(roomBytes, rate) < KILL_LEAD_MS;
  });
  const worst = worstOf(culprits, KILL_LEAD_MS);
  if (worst === undefined) return null;
  return verdict('limit', leastMissed(worst, view.workers), view, worst.growth.rateNow);
}

/** Somebody has to serve: where nobody else does, a worker that is on its way out goes in the culprit's place. */
function leastMissed(culprit: WorkerView, workers: readonly WorkerView[]): WorkerView {
  const somebodyServes = workers.some((worker) => worker !== culprit && worker.phase === 'ready');
  const leaving = workers.find(({ phase }) => phase === 'draining');
  return somebodyServes || culprit.phase !== 'ready' ? culprit : (leaving ?? culprit);
}

function chooseRecycle(
  view: BoxView,
  memory: BoxMemory,
  growing: Growing,
  rules: BoxRules,
): WorkerVerdict | null {
  // Never two out at once, and nobody while one more is on its way in.
  if (memory.recycled !== null || memory.killed !== null) return null;
  if (view.workers.some(({ phase }) => phase !== 'ready')) return null;
  return (
    dyingHeap(view, rules) ??
    overFull(view, growing, rules) ??
    overBudgetSoon(view, memory, rules) ??
    allThatHelps(view, memory)
  );
}

function dyingHeap(view: BoxView, { recycleMs }: BoxRules): WorkerVerdict | null {
  const dying = view.workers.filter(({ heap }) => {
    if (heap === null) return false;
    const share = heap.floorBytes / heap.limitBytes;
    const dies = (heap.limitInMs ?? Number.POSITIVE_INFINITY) < HORIZON_FACTOR * recycleMs;
    return (
      share >= HEAP_FULL_SHARE ||
      (share >= RISING_HEAP_SHARE && dies) ||
      (share >= HEAP_SHARE && heap.limitInMs !== null)
    );
  });
  const [worst] = dying.sort((a, b) => heapRoom(a) - heapRoom(b));
  return worst === undefined ? null : { ...verdict('heap', worst, view), roomBytes: heapRoom(worst) };
}

function heapRoom({ heap }: WorkerView): Bytes {
  return heap === null ? Number.POSITIVE_INFINITY : Math.max(0, heap.limitBytes - heap.floorBytes);
}

/** Over its budget, and the box is full or will be before a replacement is done. */
function overFull(view: BoxView, growing: Growing, { recycleMs }: BoxRules): WorkerVerdict | null {
  const isShort = usedShare(view) >= FULL_SHARE || growing.limitInMs < HORIZON_FACTOR * recycleMs;
  const worst = isShort ? worstOf(view.workers.filter(overBudget), recycleMs) : undefined;
  return worst === undefined ? null : verdict('box', worst, view);
}

/** Near its budget, and what it cannot do without has risen steadily for half a minute. */
function overBudgetSoon(view: BoxView, { budgetRecycles }: BoxMemory, { recycleMs }: BoxRules) {
  const share = BUDGET_SHARE * OVERLOOKED_FACTOR ** budgetRecycles;
  const rising = view.workers.filter(
    ({ risingFloor, budgetBytes }) =>
      risingFloor !== null &&
      risingFloor.bytes >= share * budgetBytes &&
      risingFloor.risenBytes >= LEAST_RISE_SHARE * budgetBytes,
  );
  const worst = worstOf(rising, recycleMs);
  return worst === undefined ? null : verdict('budget', worst, view);
}

/** The box has been critical for long, nobody of ours is to blame, and a fresh worker would need much less. */
function allThatHelps(view: BoxView, memory: BoxMemory): WorkerVerdict | null {
  const { criticalSinceMs, neighbourRecycledMs } = memory;
  if (criticalSinceMs === null || view.atMs - criticalSinceMs < SHED_FIRST_MS) return null;
  if (view.atMs - neighbourRecycledMs < NEIGHBOUR_EVERY_MS || usedShare(view) < FULL_SHARE) return null;
  const [largest] = [...view.workers].sort((a, b) => b.growth.bytes - a.growth.bytes);
  if (largest === undefined || view.workers.length < 2) return null;
  const gained = largest.growth.bytes - FRESH_BYTES;
  return gained >= WORTH_SHARE * view.limitBytes ? verdict('neighbour', largest, view) : null;
}

/** The one that is furthest beyond its budget by the time that something is done about it: by its size and its pace. */
function worstOf(workers: readonly WorkerView[], withinMs: Milliseconds): WorkerView | undefined {
  const overshoot = ({ growth, budgetBytes }: WorkerView) =>
    growth.bytes + (growth.rateNow * withinMs) / SECOND - budgetBytes;
  return [...workers].sort((a, b) => overshoot(b) - overshoot(a))[0];
}

function verdict(
  code: VerdictCode,
  { id, growth, budgetBytes }: WorkerView,
  view: BoxView,
  bytesPerSecond = growth.rateLasting,
): WorkerVerdict {
  const roomBytes = roomOf(view);
  return { worker: id, code, bytes: growth.bytes, budgetBytes, bytesPerSecond, roomBytes };
}

/** Who grows: the worst of our workers beyond its budget, and the neighbour that grows most. */
function growers(view: BoxView): BoxReason[] {
  const reasons: BoxReason[] = [];
  const worst = worstOf(view.workers.filter(overBudget), SECOND);
  if (worst !== undefined) {
    const { id, budgetBytes, growth } = worst;
    const { bytes, rateLasting } = growth;
    reasons.push({ code: 'worker-grew', worker: id, bytes, budgetBytes, bytesPerSecond: rateLasting });
  }
  const rateOf = ({ bytesPerSecond }: { readonly bytesPerSecond: number | null }) => bytesPerSecond ?? 0;
  const [neighbour] = [...view.neighbours].sort((a, b) => rateOf(b) - rateOf(a));
  if (neighbour !== undefined && rateOf(neighbour) > 0) {
    const { name, bytes } = neighbour;
    reasons.push({ code: 'neighbour-grew', name, bytes, bytesPerSecond: rateOf(neighbour) });
  }
  return reasons;
}
