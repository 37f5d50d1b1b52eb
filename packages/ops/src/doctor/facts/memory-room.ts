import type { Bytes } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';
import type { CgroupMount } from './cgroup-version.ts';

/** The memory that everything here shares, and what of it can still be had. */
export interface MemoryRoom {
  readonly totalBytes: Bytes;
  readonly availableBytes: Bytes;
  /** Whether a container's limit is nearer than the machine's memory. */
  readonly boundedBy: 'box' | 'cgroup';
}

/** The machine's memory, or the container's: inside one its group is the root of what is mounted. */
export async function readMemoryRoom(
  host: Host,
  info: Reading<ReadonlyMap<string, number>>,
  mount: Reading<CgroupMount>,
): Promise<Reading<MemoryRoom>> {
  if (info.kind !== 'value') return info;
  const totalBytes = info.value.get('MemTotal') ?? 0;
  // Kernels before 3.14 do not tell it: what is free and what is lent to files come near.
  const availableBytes =
    info.value.get('MemAvailable') ?? (info.value.get('MemFree') ?? 0) + (info.value.get('Cached') ?? 0);
  const group = mount.kind === 'value' ? await readGroup(host, mount.value) : undefined;
  if (group === undefined || group.limitBytes >= totalBytes)
    return { kind: 'value', value: { totalBytes, availableBytes, boundedBy: 'box' } };
  const left = Math.max(0, group.limitBytes - group.usedBytes);
  return {
    kind: 'value',
    value: {
      totalBytes: group.limitBytes,
      availableBytes: Math.min(left, availableBytes),
      boundedBy: 'cgroup',
    },
  };
}

const FILES = {
  1: ['memory.limit_in_bytes', 'memory.usage_in_bytes', /^total_inactive_file (\d+)$/m],
  2: ['memory.max', 'memory.current', /^inactive_file (\d+)$/m],
} as const;

/** `max`, and the absence of the files at a real root, are no limit. */
async function readGroup(
  host: Host,
  { version, root }: CgroupMount,
): Promise<{ readonly limitBytes: Bytes; readonly usedBytes: Bytes } | undefined> {
  const [limitFile, usageFile, cachePattern] = FILES[version];
  const [limit, usage, stat] = await Promise.all(
    [limitFile, usageFile, 'memory.stat'].map(async (name) => {
      const text = await host.read(`${root}/${name}`);
      return text.kind === 'value' ? text.value : '';
    }),
  );
  const limitBytes = Number.parseInt(limit ?? '', 10);
  const charged = Number.parseInt(usage ?? '', 10);
  if (Number.isNaN(limitBytes) || Number.isNaN(charged)) return undefined;
  // Files that nobody uses at the moment are given back before anything is killed.
  const cache = Number(cachePattern.exec(stat ?? '')?.[1] ?? 0);
  return { limitBytes, usedBytes: Math.max(0, charged - cache) };
}
