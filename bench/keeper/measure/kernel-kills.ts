import { execFileSync } from 'node:child_process';

/** Reads the kernel's log: the processes that it killed for want of memory. Empty where this user may not read it. */
export function readKernelKills(): readonly number[] {
  try {
    const log = execFileSync('dmesg', { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return killedIn(log);
  } catch {
    return [];
  }
}

/** What the kernel writes of each (mm/oom_kill.c), by its process id. */
export function killedIn(log: string): readonly number[] {
  return [...log.matchAll(/[Oo]ut of memory: Killed process (\d+) /g)].map(([, pid]) => Number(pid));
}
