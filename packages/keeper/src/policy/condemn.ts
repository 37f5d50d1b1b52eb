import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { Draft } from './draft.ts';
import type { Condemned, RecycleReason, WorkerFacts, WorkerRecord } from './model.ts';
import { queueRecycle } from './replace-workers.ts';

// Of 27 healthy services recorded none came to more than 0.85.
const LEAK_PROBABILITY = 0.9;
// Evaluations come every 2.5 to 5 s; a single one may err.
const LEAK_FOR_MS: Milliseconds = 10 * SECOND;
// What is left until the limit is an estimate, and replacing takes its time: a quarter of it is what may be waited.
const WAITED_SHARE = 0.25;
const LONGEST_WAIT_MS: Milliseconds = 5 * MINUTE;
// Quiet is what is well below the usual, which follows the day but not the minute.
const QUIET_SHARE = 0.7;
const USUAL_SPAN_MS: Milliseconds = 5 * MINUTE;
// So few that nobody notices.
const NEXT_TO_NONE_PER_SECOND = 1;
// Workers that started together reach their age between 0.9 and 1.1 of it, not together.
const LEAST_OF_LIMIT = 0.9;
const SPREAD_OF_LIMIT = 0.2;

/** Takes in what a heartbeat says of a worker's future. */
export function hearFacts(draft: Draft, id: string, facts: WorkerFacts): void {
  const leakSinceMs = isLeaking(facts) ? (draft.find(id)?.leakSinceMs ?? draft.atMs) : null;
  draft.update(id, { facts, leakSinceMs });
}

/** Finds who has to go, and lets them go at the quietest moment that there is time to wait for. */
export function replaceCondemned(draft: Draft): void {
  const perSecond = followTraffic(draft);
  const isQuiet = perSecond <= Math.max(NEXT_TO_NONE_PER_SECOND, (draft.usualPerSecond ?? 0) * QUIET_SHARE);
  for (const worker of draft.serving) {
    const condemned = worker.condemned ?? verdictOn(draft, worker);
    if (condemned === null) continue;
    if (worker.condemned === null) draft.update(worker.id, { condemned });
    if (isQuiet || draft.atMs >= condemned.latestMs) queueRecycle(draft, [worker.id], condemned.reason);
  }
}

function verdictOn(draft: Draft, worker: WorkerRecord): Condemned | null {
  const { policy, atMs } = draft;
  const { facts, leakSinceMs, sinceMs } = worker;
  const waitMs = (ms: Milliseconds) => atMs + Math.min(LONGEST_WAIT_MS, ms);
  if (policy.recycleLeaks && leakSinceMs !== null && atMs - leakSinceMs >= LEAK_FOR_MS) {
    const leftMs = facts.leak?.timeToLimitMs ?? 0;
    return { reason: 'leak', latestMs: waitMs(leftMs * WAITED_SHARE) };
  }
  const share = LEAST_OF_LIMIT + SPREAD_OF_LIMIT * worker.spread;
  const isOver = (value: number | null, limit: number | null) =>
    value !== null && limit !== null && value >= limit * share;
  const byAge: RecycleReason | null = isOver(atMs - sinceMs, policy.maxAgeMs) ? 'age' : null;
  const reason = byAge ?? (isOver(facts.requests, policy.maxRequests) ? 'requests' : null);
  return reason === null ? null : { reason, latestMs: waitMs(LONGEST_WAIT_MS) };
}

/** @returns what all workers serve now, a second. */
function followTraffic(draft: Draft): number {
  const told = draft.serving.map(({ facts }) => facts.perSecond).filter((rate) => rate !== null);
  if (told.length === 0) return 0;
  const perSecond = told.reduce((sum, rate) => sum + rate, 0);
  const elapsedMs = Math.max(0, draft.atMs - draft.tickedMs);
  const usual = draft.usualPerSecond ?? perSecond;
  draft.usualPerSecond = usual + (perSecond - usual) * (1 - Math.exp(-elapsedMs / USUAL_SPAN_MS));
  return perSecond;
}

function isLeaking({ leak }: WorkerFacts): boolean {
  return leak !== null && leak.probability >= LEAK_PROBABILITY;
}
