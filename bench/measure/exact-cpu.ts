import { readdirSync, readFileSync } from 'node:fs';

/** What the threads of one process have had of the processors so far. */
export interface CpuReading {
  readonly seconds: number;
  /** How often the kernel put one of its threads on a processor. */
  readonly runs: number;
}

/**
 * Reads the scheduler's own account, in nanoseconds, where /proc/<pid>/stat counts ticks of 10 ms: a difference of 1 %
 * shows within seconds. Threads that have ended are not in it; Node ends none while it serves.
 * @throws Error when the process has ended, or the kernel keeps no such account (CONFIG_SCHED_INFO).
 */
export function readExactCpu(pid: number): CpuReading {
  let nanoseconds = 0;
  let runs = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Time run, time waited and times run: Documentation/scheduler/sched-stats.rst.
    const [run, , times] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    nanoseconds += Number(run);
    runs += Number(times);
  }
  return { seconds: nanoseconds / 1e9, runs };
}
