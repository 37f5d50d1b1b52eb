import type { Draft } from './draft.ts';
import type { QueuedRecycle, RecycleReason, Replacement, WorkerRecord } from './model.ts';

type Drain = (draft: Draft, id: string, reason: RecycleReason, idleGraceMs: number) => void;

// Those that cannot wait go before those that were asked for.
const URGENT = new Set<RecycleReason>(['memory', 'leak']);

/** Puts workers in line to be replaced by what their places run; whoever does not serve, or is in line already, is left out. */
export function queueRecycle(draft: Draft, ids: readonly string[], reason: RecycleReason): void {
  if (draft.mode !== 'running') return;
  const wanted = ids.flatMap((id): QueuedRecycle[] => {
    const worker = draft.find(id);
    const isInLine = draft.recycleQueue.some((queued) => queued.id === id);
    if (worker?.phase !== 'ready' || isInLine || draft.replacement?.outgoing === id) return [];
    return [{ id, reason, version: draft.seat(worker.seat).version }];
  });
  queue(draft, wanted, reason);
}

/** Puts a worker at the head of the line, whether it stands there already or not; one that is being replaced stays as it is. */
export function putFirst(draft: Draft, id: string): void {
  const queued = draft.recycleQueue.find((one) => one.id === id);
  if (queued === undefined) queueRecycle(draft, [id], 'memory');
  else draft.recycleQueue = [queued, ...draft.recycleQueue.filter((one) => one !== queued)];
}

/** Puts workers in line whose successors run another version. */
export function queue(draft: Draft, wanted: readonly QueuedRecycle[], reason: RecycleReason): void {
  if (wanted.length === 0) return;
  const rest = draft.recycleQueue;
  draft.recycleQueue = URGENT.has(reason) ? [...wanted, ...rest] : [...rest, ...wanted];
  draft.note('RECYCLE_STARTED', { workers: wanted.map(({ id }) => id).join(', '), reason });
}

/** Takes the replacement under way one step on, and begins the next when nobody is out. */
export function advanceReplacements(draft: Draft, drain: Drain): void {
  if (draft.replacement !== null) advance(draft, draft.replacement, drain);
  if (draft.replacement === null) begin(draft, drain);
}

/** The new worker died before it served: whoever serves stays, and the rest of the line is safer where it is. */
export function abandonReplacement(draft: Draft, dead: WorkerRecord): void {
  const { replacement } = draft;
  if (dead.seat !== replacement?.seat) return;
  draft.note('RECYCLE_FAILED', { worker: replacement.outgoing, serving: draft.serving.length });
  draft.replacement = null;
  draft.recycleQueue = [];
}

/** What the next worker of a place runs: what its replacement brings, else what the place is known to run. */
export function versionFor(draft: Draft, seat: number): number {
  const { replacement } = draft;
  return replacement?.seat === seat ? replacement.version : draft.seat(seat).version;
}

function advance(draft: Draft, replacement: Replacement, drain: Drain): void {
  const { seat, outgoing, reason, version, gone } = replacement;
  const predecessor = gone ? undefined : draft.find(outgoing);
  const successor = draft.workers.find((worker) => worker.seat === seat && worker !== predecessor);
  const mayGo = successor?.phase === 'ready' || leavesAtOnce(draft, predecessor);
  if (predecessor?.phase === 'ready' && mayGo) {
    drain(draft, outgoing, reason, draft.policy.recycleIdleGraceMs);
  }
  if (successor?.phase !== 'ready') return;
  if (predecessor !== undefined && !isUrgent(draft.recycleQueue[0])) return;
  draft.updateSeat(seat, { version });
  draft.note('WORKER_RECYCLED', { worker: outgoing, reason });
  draft.replacement = null;
  if (draft.recycleQueue.length === 0) draft.note('RECYCLE_DONE', {});
}

function begin(draft: Draft, drain: Drain): void {
  const [next] = draft.recycleQueue;
  const worker = next === undefined ? undefined : draft.find(next.id);
  if (next === undefined || worker?.phase !== 'ready' || !mayLose(draft, next)) return;
  draft.recycleQueue = draft.recycleQueue.slice(1);
  const { id, reason, version } = next;
  draft.replacement = { seat: worker.seat, outgoing: id, reason, version, gone: false };
  if (!draft.maySurge || leavesAtOnce(draft, worker)) {
    drain(draft, id, reason, draft.policy.recycleIdleGraceMs);
  }
  if (draft.maySurge) draft.spawn(worker.seat, version);
}

/** Whether a worker is gone before it has a successor anyway, so that the others had better take over now. */
function leavesAtOnce(draft: Draft, worker: WorkerRecord | undefined): boolean {
  return worker !== undefined && worker.livesMs !== null && draft.serving.some(({ id }) => id !== worker.id);
}

/**
 * Never two out at once. With room for one more the successor starts first, so nothing is lost that is there now;
 * without it everybody else has to serve. What V8 is about to abort does not wait until one that has its successor already
 * has answered its last request.
 */
function mayLose(draft: Draft, next: QueuedRecycle): boolean {
  const leaving = draft.workers.filter(({ phase }) => phase === 'draining' || phase === 'killed').length;
  const allServe = draft.serving.length >= draft.policy.workers;
  if (leaving <= 1 && leavesAtOnce(draft, draft.find(next.id))) return true;
  if (leaving > 0) return leaving === 1 && isUrgent(next) && draft.maySurge && allServe;
  return draft.maySurge ? draft.hasRoom() : allServe;
}

function isUrgent(queued: QueuedRecycle | undefined): boolean {
  return queued?.reason === 'memory';
}
