/** Pages in the log when a pass began, and how many of them were in the file when it ended. */
export interface LogState {
  readonly log: number;
  readonly carried: number;
}

/** https://www.sqlite.org/pragma.html#pragma_wal_checkpoint */
export type CheckpointMode = 'passive' | 'full';

// At 500 commits a second, on a disk that syncs in 0.1 ms, the second or third pass ends before the next commit (measured).
const MOST_PASSES = 4;

/**
 * Carries over what is there while others write, and again what came meanwhile, which is less each time. When nobody has
 * written during a pass, SQLite syncs the file at its end and the log begins anew by itself: no writer has waited for any of
 * it. Where they never pause, the little that is left is carried over with their lock held, for as long as the disk takes to
 * sync: only a log of which nothing is left can begin anew instead of growing.
 */
export function carryOver(checkpoint: (mode: CheckpointMode) => LogState): void {
  let before = 0;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const { log, carried } = checkpoint('passive');
    // Somebody reads what is not to be overwritten: waiting for that would help nobody.
    if (carried !== log) return;
    // Nothing came since the last pass began, or the log has begun anew since.
    if (pass > 0 && log <= before) return;
    before = log;
  }
  checkpoint('full');
}
