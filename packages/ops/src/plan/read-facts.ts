import { availableParallelism, totalmem } from 'node:os';
import { createFileReader, type FileReader, readGroupLimit } from '@maque/guard/box';
import type { BoxFacts } from './box-facts.ts';

/** The box that this process runs on. Never throws: where no cgroup can be read, the box itself is the bound. */
export function readFacts(files: Pick<FileReader, 'readOnce'> = createFileReader()): BoxFacts {
  const boxBytes = totalmem();
  const cores = availableParallelism();
  const group = readGroupLimit(files);
  if (group === null || group.limit >= boxBytes) return { memoryBytes: boxBytes, bound: 'box', cores };
  return { memoryBytes: group.limit, bound: `cgroup-v${group.version}`, cores };
}
