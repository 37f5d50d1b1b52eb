import type { Guard } from '@maque/guard';
import type { Language, Milliseconds } from '@maque/kit';
import { createAutopsy } from './autopsy/create-autopsy.ts';
import type { WorkerLink } from './link-interface.ts';
import type { SnapshotAnswer } from './protocol/messages.ts';

export interface GuardedWorkerOptions {
  /** Where leak reports go; null where none are written. */
  readonly reportFolder: string | null;
  readonly language: Language;
}

// From here on a heap that fills by 10 MB a second has some seconds left, of which a replacement takes one or two.
const FILLING_SHARE = 0.5;

/**
 * Lets the keeper ask a worker's guard (what leaks, for a snapshot), hear at once when the heap fills, and tell the guard how
 * the box is.
 */
export function attachGuard(
  link: WorkerLink,
  guard: Guard,
  { reportFolder, language }: GuardedWorkerOptions,
): void {
  reportFilling(link, guard);
  link.onPressure(({ level }) => guard.notePressure(level));
  link.onSnapshot((folder) => takeSnapshot(guard, folder, language));
  link.onAutopsy(createAutopsy(guard, { folder: reportFolder, language }));
}

/** Tells each collection of a heap that fills at once: the next heartbeat may be too late. */
function reportFilling(link: WorkerLink, guard: Guard): void {
  let toldAtMs: Milliseconds | null = null;
  guard.onSample((status) => {
    const { heapFloor, heapFloorAtMs, heapLimit } = status.memory;
    if (heapFloor === null || heapFloorAtMs === toldAtMs || heapFloor < FILLING_SHARE * heapLimit) return;
    toldAtMs = heapFloorAtMs;
    link.report(status);
  });
}

async function takeSnapshot(guard: Guard, folder: string, language: Language): Promise<SnapshotAnswer> {
  const result = await guard.snapshot({ folder });
  if (result.taken) return { outcome: 'written', path: result.file, bytes: result.actual.file };
  // Loaded when there is something to say: few workers are ever asked.
  const { refusalText } = await import('@maque/guard/snapshot');
  const reason = result.refusals.map((refusal) => refusalText(refusal, language)).join('; ');
  return { outcome: 'refused', reason };
}
