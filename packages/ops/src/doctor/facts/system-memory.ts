import type { Bytes } from '@maque/kit';
import type { ProcessFacts } from './processes.ts';

/**
 * What is in use now beside some processes: the kernel, and all that is not among them. As `plan --calibrate` measures it.
 * Null where it cannot be told, as without root, whose eyes alone see what processes share.
 */
export function memoryBeside(
  processes: readonly ProcessFacts[],
  memory: ReadonlyMap<string, number>,
): Bytes | null {
  const [total, available] = ['MemTotal', 'MemAvailable'].map((name) => memory.get(name));
  if (total === undefined || available === undefined || processes.length === 0) return null;
  let bytes = total - available;
  for (const { pssBytes } of processes) {
    if (pssBytes === null) return null;
    bytes -= pssBytes;
  }
  return Math.max(0, bytes);
}
