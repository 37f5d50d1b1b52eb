import { readFileSync, writeFileSync } from 'node:fs';

// The kernel's greatest value (proc(5)).
const MAX_ADJUSTMENT = 1_000;

/**
 * Makes the kernel's choice ahead of time: when memory runs out it kills the process with the highest score, so a worker
 * and never the keeper, the database or sshd. Raising needs no privilege, lowering does (proc(5)).
 * @param adjustment -1000 to 1000; more where the keeper itself has inherited as much (a container's default may be 985).
 * @returns the reason when it could not be set, e.g. `EACCES`; undefined when it was, or where there is no such thing.
 */
export function setOomScore(pid: number, adjustment: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const own = Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
    const wanted = Math.min(MAX_ADJUSTMENT, Math.max(adjustment, own + 1));
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(wanted));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
