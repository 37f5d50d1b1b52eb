import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { type Bytes, MiB } from '@maque/kit';
import { oldSpaceLimit } from './old-space-limit.ts';

/** What a keeper wants the old space of this process to stay below, in MiB; V8's own limit lies higher then. */
export const PLANNED_OLD_SPACE_ENV = 'KEEPER_OLD_SPACE_MB';

/**
 * What the old space of this process may hold: what its keeper has planned, else V8's own limit. It does not change while the
 * process runs.
 */
export function ownOldSpaceLimit(): Bytes {
  const limit = v8OldSpaceLimit();
  const planned = Number(process.env[PLANNED_OLD_SPACE_ENV] ?? 0) * MiB;
  // What a worker starts inherits the variable, and has flags of its own.
  return planned > 0 ? Math.min(planned, limit) : limit;
}

function v8OldSpaceLimit(): Bytes {
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
