import { writeFileSync } from 'node:fs';

/**
 * Makes the kernel's choice ahead of time: when memory runs out it kills the process with the highest score, so a worker
 * and never the keeper, the database or sshd. Raising needs no privilege, lowering does (proc(5)).
 * @param adjustment -1000 to 1000.
 * @returns the reason when it could not be set, e.g. `EACCES`; undefined when it was, or where there is no such thing.
 */
export function setOomScore(pid: number, adjustment: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(adjustment));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
