import { readFileSync, writeFileSync } from 'node:fs';

// The kernel's greatest value (proc(5)).
const MAX_ADJUSTMENT = 1_000;

// As dbus has it under systemd: small, and what all others depend on. sshd's -1000 would forbid the kernel to kill it,
// and a group in which nothing may be killed stands still.
const KEEPER_ADJUSTMENT = -900;

/**
 * Makes the kernel's choice ahead of time: when memory runs out it kills the process with the highest score, so a worker
 * and never the keeper, the database or sshd. Raising needs no privilege, lowering does (proc(5)).
 * @param adjustment -1000 to 1000; more where the keeper itself has inherited as much (a container's default may be 985).
 * @returns the reason when it could not be set, e.g. `EACCES`; undefined when it was, or where there is no such thing.
 */
export function setOomScore(pid: number, adjustment: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const wanted = Math.min(MAX_ADJUSTMENT, Math.max(adjustment, readOwnScore() + 1));
    writeFileSync(scoreOf(pid), String(wanted));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/**
 * Takes this process itself out of the line, as far as it is allowed: root and CAP_SYS_RESOURCE may. Others keep the
 * score that their service has given them, and their workers stand above it all the same. Nobody else's is touched: how
 * a database ranks is its own unit's to say.
 * @returns whether this process now has the score, or one below.
 */
export function lowerOwnOomScore(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    if (readOwnScore() > KEEPER_ADJUSTMENT) writeFileSync(scoreOf('self'), String(KEEPER_ADJUSTMENT));
    return true;
  } catch {
    return false;
  }
}

function readOwnScore(): number {
  return Number(readFileSync(scoreOf('self'), 'latin1'));
}

function scoreOf(pid: number | 'self'): string {
  return `/proc/${pid}/oom_score_adj`;
}
