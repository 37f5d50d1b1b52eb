import { HOUR, type Milliseconds, SECOND } from '@maque/kit';
import {
  type BoxDecision,
  type BoxMemory,
  type BoxReason,
  type BoxRules,
  type Evacuation,
  FRESH_BYTES,
  type WorkerVerdict,
} from './box-decision.ts';
import { type Growing, nextLevel, shortages } from './box-level.ts';
import { roomOf, timeUntil } from './box-room.ts';
import type { BoxView, WorkerView } from './box-view.ts';
import { chooseEvacuation } from './choose-evacuation.ts';
import { chooseKill } from './choose-kill.ts';
import { chooseRecycle } from './choose-recycle.ts';
import { growthOverBudget, isOverBudget, worstOf } from './culprits.ts';

// What has to be left when a spare has started.
const SPARE_MARGIN_SHARE = 0.05;

// How long a worker that was to go may seem to stay: the policy may be busy with another. What is asked for again is
// heard once.
const RECYCLE_TAKES_MS: Milliseconds = 30 * SECOND;
const KILL_TAKES_MS: Milliseconds = 2 * SECOND;

// How often a program that needs more than its budget is given a quarter more, and for how long.
const MOST_OVERLOOKED_TIMES = 8;
const OVERLOOKED_FOR_MS: Milliseconds = HOUR;

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
  const recycle = kill === null ? chooseRecycle(view, calmed, rules) : null;
  const evacuee = chooseEvacuation(view, calmed);
  const evacuated = evacuee === null ? calmed.evacuated : { pid: evacuee.pid };
  const remembered = { ...remember(view, calmed, recycle, kill), evacuated };
  const level = nextLevel(view, growing, isRemedied(remembered), calmed);
  const reasons = level.level === 'none' ? [] : [...shortages(view, growing), ...growers(view)];
  const spareFits = roomOf(view) - FRESH_BYTES >= SPARE_MARGIN_SHARE * view.limitBytes;
  return {
    decision: { level: level.level, reasons, recycle, kill, evacuate: evacuationOf(evacuee), spareFits },
    memory: { ...remembered, ...level },
  };
}

function evacuationOf(evacuee: WorkerView | null): Evacuation | null {
  return evacuee === null ? null : { worker: evacuee.id, withinMs: evacuee.heap?.limitInMs ?? 0 };
}

/** What grows without a bound: workers beyond their budgets, and all others. */
function unboundedGrowth(view: BoxView): Growing {
  const bytesPerSecond = growthOverBudget(view) + Math.max(0, view.others?.rateLasting ?? 0);
  return { bytesPerSecond, limitInMs: timeUntil(roomOf(view), bytesPerSecond) };
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
  return killed !== null || recycled?.code === 'box' || recycled?.code === 'full';
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
    ...((recycle?.code === 'budget' || recycle?.code === 'full') && {
      budgetRecycles: Math.min(MOST_OVERLOOKED_TIMES, memory.budgetRecycles + 1),
      budgetRecycledMs: atMs,
    }),
    ...(recycle?.code === 'neighbour' && { neighbourRecycledMs: atMs }),
  };
}

/** Who grows: the worst of our workers beyond its budget, and the neighbour that grows most. */
function growers(view: BoxView): BoxReason[] {
  const reasons: BoxReason[] = [];
  const worst = worstOf(view.workers.filter(isOverBudget), SECOND);
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
