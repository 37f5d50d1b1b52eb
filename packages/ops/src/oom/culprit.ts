import type { KilledProcess } from './kernel-lines.ts';
import type { Culprit, MemoryShare } from './kill.ts';
import type { Pending } from './pending-report.ts';
import { memoryOf } from './task-table.ts';

type Chosen = NonNullable<Pending['chosen']>;

/**
 * Who had the memory, where it was not the one that died: the process that the kernel chose when a child of it was
 * sacrificed, else the processes of one name that had more than all of the victim's name together.
 */
export function findCulprit(
  victim: KilledProcess,
  chosen: Chosen | undefined,
  memory: readonly MemoryShare[],
  tasks: ReadonlyMap<number, unknown>,
): Culprit | null {
  if (chosen !== undefined && chosen.pid !== victim.pid && !isThreadOf(victim, chosen, tasks)) {
    const { pid, name, score } = chosen;
    return { name, pid, score, processes: 1, memoryKb: null };
  }
  const [largest] = memory;
  if (largest === undefined || largest.name === victim.name) return null;
  const own = memory.find(({ name }) => name === victim.name);
  if (own === undefined && victim.rssKb === null) return null;
  const ownKb = Math.max(own === undefined ? 0 : memoryOf(own), victim.rssKb ?? 0);
  if (memoryOf(largest) <= ownKb) return null;
  const { name, processes } = largest;
  return { name, pid: null, score: null, processes, memoryKb: memoryOf(largest) };
}

/**
 * The table lists processes: whoever is not in it, though the victim is, is a thread of the victim. Without a table the
 * numbers tell: in a control group old kernels choose any thread, whose number is above its process's, as a child's is
 * above its parent's.
 */
function isThreadOf(victim: KilledProcess, chosen: Chosen, tasks: ReadonlyMap<number, unknown>): boolean {
  if (tasks.has(victim.pid)) return !tasks.has(chosen.pid);
  return chosen.constraint === 'CONSTRAINT_MEMCG' && victim.pid < chosen.pid;
}
