import type { Draft } from './draft.ts';
import type { WorkerRecord } from './model.ts';

/** Looks where a silent worker hangs, and later kills it. */
export function watchSilence(draft: Draft, worker: WorkerRecord): void {
  const { id, phase, heardMs, examinedSilenceMs } = worker;
  if (phase !== 'ready' || heardMs === null) return;
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
