import type { Bytes } from '@maque/kit';
import type { MemoryBound } from './box-facts.ts';

/** A small text file's content, undefined when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

export interface CgroupLimit {
  readonly bound: Exclude<MemoryBound, 'box'>;
  readonly bytes: Bytes;
}

/**
 * The tightest memory limit of the cgroups that this process is in. Parents count: Node's own
 * `process.constrainedMemory()` reads the innermost group only and misses a limit set on a slice.
 * A group whose path is not visible from inside a container is skipped; its mount point then is the container's own.
 */
export function readCgroupLimit(readText: ReadText): CgroupLimit | undefined {
  const limits: CgroupLimit[] = [];
  for (const line of (readText('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers = '', path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    for (const folder of withParents(path)) {
      if (controllers.split(',').includes('memory')) {
        const bytes = readLimit(readText, `/sys/fs/cgroup/memory${folder}/memory.limit_in_bytes`);
        limits.push({ bound: 'cgroup-v1', bytes });
      } else if (controllers === '') {
        // Above memory.high the kernel slows the group down, so a plan has to stay below it as well.
        for (const file of ['memory.max', 'memory.high']) {
          limits.push({ bound: 'cgroup-v2', bytes: readLimit(readText, `/sys/fs/cgroup${folder}/${file}`) });
        }
      }
    }
  }
  const [tightest] = limits.filter(({ bytes }) => Number.isFinite(bytes)).sort((a, b) => a.bytes - b.bytes);
  return tightest;
}

/** `/a/b` → `/a/b`, `/a`, and the empty root. */
function withParents(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, dropped) =>
    parts
      .slice(0, parts.length - dropped)
      .map((part) => `/${part}`)
      .join(''),
  );
}

function readLimit(readText: ReadText, path: string): Bytes {
  const text = readText(path)?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}
