import type { Milliseconds } from '@maque/kit';

/** What `work` takes of a core on this thread: the time on the clock also has what others on the machine do meanwhile. */
export function cpuMsOf(work: () => void): Milliseconds {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
