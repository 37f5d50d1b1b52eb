import { MINUTE } from '@maque/kit';
import type { Draft } from './draft.ts';
import type { WorkerRecord } from './model.ts';

// A guard takes no snapshot that it expects to stop the worker for more than 5 s; on a starved core that is many more.
const SNAPSHOT_STANDSTILL_MS = MINUTE;

/** Looks where a silent worker hangs, and later kills it. */
export function watchSilence(draft: Draft, worker: WorkerRecord): void {
  const { id, phase, heardMs, examinedSilenceMs } = worker;
  if (phase !== 'ready' || heardMs === null || writesSnapshot(draft, worker)) return;
  const silentMs = draft.atMs - heardMs;
  const { hangNoticeMs, hangTimeoutMs } = draft.policy;
  if (silentMs > hangNoticeMs && examinedSilenceMs !== heardMs) {
    draft.update(id, { examinedSilenceMs: heardMs });
    draft.act({ type: 'examine-hang', id, silentMs });
  }
  if (silentMs <= hangTimeoutMs) return;
  draft.note('WORKER_HUNG', { worker: id, silentMs });
  draft.kill(id, 'hang');
}

/** Who stands still because it was asked to does not hang; its answer is a sign of life. */
export function attendSnapshot(draft: Draft, id: string, underway: boolean): void {
  if (underway) draft.update(id, { snapshotSinceMs: draft.atMs });
  else draft.update(id, { snapshotSinceMs: null, heardMs: draft.atMs });
}

function writesSnapshot({ atMs }: Draft, { snapshotSinceMs }: WorkerRecord): boolean {
  return snapshotSinceMs !== null && atMs - snapshotSinceMs <= SNAPSHOT_STANDSTILL_MS;
}
