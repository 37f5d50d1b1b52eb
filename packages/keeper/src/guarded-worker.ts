import type { Guard } from '@maque/guard';
import type { Language } from '@maque/kit';
import { createAutopsy } from './autopsy/create-autopsy.ts';
import type { WorkerLink } from './link-interface.ts';
import type { SnapshotAnswer } from './protocol/messages.ts';

export interface GuardedWorkerOptions {
  /** Where leak reports go; null where none are written, and then nothing is examined. */
  readonly reportFolder: string | null;
  readonly language: Language;
}

/** Lets the keeper ask a worker's guard: what leaks, for a snapshot; and tells the guard how the keeper sees the box. */
export function attachGuard(
  link: WorkerLink,
  guard: Guard,
  { reportFolder, language }: GuardedWorkerOptions,
): void {
  link.onPressure(({ level }) => guard.notePressure(level));
  link.onSnapshot((folder) => takeSnapshot(guard, folder, language));
  if (reportFolder !== null) link.onAutopsy(createAutopsy(guard, { folder: reportFolder, language }));
}

async function takeSnapshot(guard: Guard, folder: string, language: Language): Promise<SnapshotAnswer> {
  const result = await guard.snapshot({ folder });
  if (result.taken) return { outcome: 'written', path: result.file, bytes: result.actual.file };
  // Loaded when there is something to say: few workers are ever asked.
  const { refusalText } = await import('@maque/guard/snapshot');
  const reason = result.refusals.map((refusal) => refusalText(refusal, language)).join('; ');
  return { outcome: 'refused', reason };
}
