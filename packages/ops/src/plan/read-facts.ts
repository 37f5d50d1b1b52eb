import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { BoxFacts } from './box-facts.ts';
import { type ReadText, readCgroupLimit } from './cgroup-limit.ts';

/** The box that this process runs on. Never throws: where no cgroup can be read, the box itself is the bound. */
export function readFacts(readText: ReadText = readSystemFile): BoxFacts {
  const boxBytes = totalmem();
  const cores = availableParallelism();
  const limit = readCgroupLimit(readText);
  // An unlimited v1 group says 2^63 less a page.
  if (limit === undefined || limit.bytes >= boxBytes) return { memoryBytes: boxBytes, bound: 'box', cores };
  return { memoryBytes: limit.bytes, bound: limit.bound, cores };
}

function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
