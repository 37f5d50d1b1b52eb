import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Bytes } from '@maque/kit';
import { oldSpaceLimit } from './old-space-limit.ts';

/** The old-space limit of this process. It does not change while the process runs. */
export function ownOldSpaceLimit(): Bytes {
  return oldSpaceLimit({
    heapSizeLimit: getHeapStatistics().heap_size_limit,
    flags: [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv],
    nodeMajor: Number.parseInt(process.versions.node, 10),
    visibleMemory: visibleMemory(),
  });
}

/** What Node sizes its heap from: the control group's limit (0 or 2^64 mean none), else the machine's memory. */
function visibleMemory(): Bytes {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
