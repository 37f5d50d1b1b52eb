import type { ExitCause } from '../process/exit-cause.ts';
import type { Draft } from './draft.ts';
import type { PolicyEvent, QueuedRecycle, Rollout, ToldFailure, WorkerRecord } from './model.ts';
import { queue } from './replace-workers.ts';

// One death may be bad luck; two of new code, before it was stable, are the code.
const DEATHS_TO_RETURN = 2;

/** Begins to replace workers by those of a new version. Whatever waited in line goes with it. */
export function beginRollout(draft: Draft, event: Extract<PolicyEvent, { type: 'deploy' }>): void {
  const { version, workers, canReturn } = event;
  if (draft.mode !== 'running') return;
  const previous = draft.seats[0]?.version ?? version;
  draft.rollout = {
    version,
    previous: canReturn ? previous : null,
    workers,
    phase: 'replacing',
    deaths: 0,
    sinceMs: draft.atMs,
  };
  draft.note('DEPLOY_STARTED', { version, workers });
  draft.recycleQueue = [];
  const outgoing = draft.replacement?.outgoing;
  const wanted = draft.serving.filter(({ id, version: runs }) => id !== outgoing && runs !== version);
  queue(draft, wanted.slice(0, workers).map(toVersion(version, 'deploy')), 'deploy');
}

/** When all that were in line are replaced, the new version serves, and has yet to show that it lives. */
export function advanceRollout(draft: Draft): void {
  const { rollout, replacement, recycleQueue } = draft;
  if (rollout?.phase !== 'replacing' || replacement !== null || recycleQueue.length > 0) return;
  const { version } = rollout;
  const running = draft.seats.filter((seat) => seat.version === version).length;
  const missing = Math.min(rollout.workers, draft.policy.workers) - running;
  if (missing > 0) {
    // Who did not serve when it began, or is in a place whose worker has died since.
    const behind = draft.serving.filter((worker) => worker.version !== version);
    queue(draft, behind.slice(0, missing).map(toVersion(version, 'deploy')), 'deploy');
    return;
  }
  draft.note('DEPLOY_DONE', { version, workers: running, of: draft.policy.workers });
  draft.rollout = { ...rollout, phase: 'trial', sinceMs: draft.atMs };
}

/** The trial ends when the new version has lived for long enough: then it is what a death returns to. */
export function endTrial(draft: Draft): void {
  const { rollout } = draft;
  if (rollout?.phase !== 'trial' || draft.atMs - rollout.sinceMs < draft.policy.stableAfterMs) return;
  draft.rollout = null;
}

/** A worker of the new version died: before it served, that is the end of the rollout; after, if it happens again. */
export function rolloutDeath(
  draft: Draft,
  dead: WorkerRecord,
  death: { readonly exit: ExitCause; readonly told: ToldFailure | null; readonly served: boolean },
): void {
  const { rollout } = draft;
  if (rollout === null || dead.version !== rollout.version) return;
  const { exit, told, served } = death;
  const deaths = rollout.deaths + 1;
  draft.rollout = { ...rollout, deaths };
  if (served && deaths < DEATHS_TO_RETURN) return;
  draft.note('DEPLOY_FAILED', { version: rollout.version, worker: dead.id, exit, told });
  returnTo(draft, rollout);
}

/** Brings back what served before, where it still is what it was. */
function returnTo(draft: Draft, { version, previous }: Rollout): void {
  draft.rollout = null;
  draft.recycleQueue = [];
  if (previous === null) return;
  draft.replacement = draft.replacement?.version === version ? null : draft.replacement;
  for (const [seat, { version: runs }] of draft.seats.entries()) {
    if (runs === version) draft.updateSeat(seat, { version: previous, openAtMs: draft.atMs });
  }
  const wanted = draft.serving.filter((worker) => worker.version === version);
  queue(draft, wanted.map(toVersion(previous, 'rollback')), 'rollback');
}

function toVersion(version: number, reason: 'deploy' | 'rollback') {
  return ({ id }: WorkerRecord): QueuedRecycle => ({ id, reason, version });
}
