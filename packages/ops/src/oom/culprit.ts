import type { KilledProcess } from './kernel-lines.ts';
import type { Culprit, MemoryShare } from './kill.ts';
import { memoryOf } from './task-table.ts';

/**
 * Who had the memory, where it was not the one that died: the process that the kernel chose when a child of it was
 * sacrificed, else the processes of one name that had more than all of the victim's name together.
 */
export function findCulprit(
  victim: KilledProcess,
  chosen: { readonly pid: number; readonly name: string; readonly score: number } | undefined,
  memory: readonly MemoryShare[],
  tasks: ReadonlyMap<number, unknown>,
): Culprit | null {
  // The table lists processes: whoever is not in it, though the victim is, is a thread of the victim.
  const isThread = chosen !== undefined && tasks.has(victim.pid) && !tasks.has(chosen.pid);
  if (chosen !== undefined && chosen.pid !== victim.pid && !isThread) {
    const { pid, name, score } = chosen;
    return { name, pid, score, processes: 1, memoryKb: null };
  }
  const [largest] = memory;
  if (largest === undefined || largest.name === victim.name) return null;
  const own = memory.find(({ name }) => name === victim.name);
  const ownKb = Math.max(own === undefined ? 0 : memoryOf(own), victim.rssKb ?? 0);
  if (memoryOf(largest) <= ownKb) return null;
  const { name, processes } = largest;
  return { name, pid: null, score: null, processes, memoryKb: memoryOf(largest) };
}
