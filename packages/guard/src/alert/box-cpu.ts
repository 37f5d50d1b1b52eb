import { cpus } from 'node:os';

/** Answers which share of all cores was in use since it was asked last; null the first time, and where nobody tells. */
export function createBoxCpuReader(): () => number | null {
  let before = readTimes();
  return () => {
    const now = readTimes();
    const total = now.total - before.total;
    const idle = now.idle - before.idle;
    before = now;
    return total > 0 ? Math.min(1, Math.max(0, 1 - idle / total)) : null;
  };
}

function readTimes(): { readonly idle: number; readonly total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return { idle, total };
}
