import type { Draft } from './draft.ts';
import type { Replacement, WorkerRecord } from './model.ts';

type Drain = (draft: Draft, id: string, reason: 'recycle', idleGraceMs: number) => void;

/** Puts workers in line to be replaced; whoever does not serve, or is in line already, is left out. */
export function queueRecycle(draft: Draft, ids: readonly string[], reason: string): void {
  if (draft.mode !== 'running') return;
  const wanted = ids.filter(
    (id) =>
      draft.find(id)?.phase === 'ready' &&
      !draft.recycleQueue.includes(id) &&
      draft.replacement?.outgoing !== id,
  );
  if (wanted.length === 0) return;
  draft.recycleQueue = [...draft.recycleQueue, ...wanted];
  draft.note('RECYCLE_STARTED', { workers: wanted.join(', '), reason });
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
  const serving = draft.workers.filter(({ phase }) => phase === 'ready').length;
  draft.note('RECYCLE_FAILED', { worker: replacement.outgoing, serving });
  draft.replacement = null;
  draft.recycleQueue = [];
}

function advance(draft: Draft, { seat, outgoing, gone }: Replacement, drain: Drain): void {
  const predecessor = gone ? undefined : draft.find(outgoing);
  const successor = draft.workers.find((worker) => worker.seat === seat && worker !== predecessor);
  if (successor?.phase !== 'ready') return;
  if (predecessor?.phase === 'ready') drain(draft, outgoing, 'recycle', draft.policy.recycleIdleGraceMs);
  if (predecessor !== undefined) return;
  draft.note('WORKER_RECYCLED', { worker: outgoing });
  draft.replacement = null;
  if (draft.recycleQueue.length === 0) draft.note('RECYCLE_DONE', {});
}

function begin(draft: Draft, drain: Drain): void {
  const [next] = draft.recycleQueue;
  const worker = next === undefined ? undefined : draft.find(next);
  if (worker?.phase !== 'ready' || !mayLose(draft)) return;
  draft.recycleQueue = draft.recycleQueue.slice(1);
  draft.replacement = { seat: worker.seat, outgoing: worker.id, gone: false };
  if (draft.policy.surge) draft.spawn(worker.seat);
  else drain(draft, worker.id, 'recycle', draft.policy.recycleIdleGraceMs);
}

/**
 * Never two out at once. With room for one more the successor starts first, so nothing is lost that is there now;
 * without it everybody else has to serve.
 */
function mayLose(draft: Draft): boolean {
  if (draft.workers.some((worker) => worker.phase === 'draining' || worker.phase === 'killed')) return false;
  if (draft.policy.surge) return draft.hasRoom();
  return draft.workers.filter((worker) => worker.phase === 'ready').length === draft.policy.workers;
}
