import type { Bytes } from '@maque/kit';
import type { Host } from '../host/host.ts';
import type { CgroupMount } from './cgroup-version.ts';

/** Version 1 writes the largest number of pages for "none". */
const NO_LIMIT_BYTES: Bytes = 2 ** 60;

/**
 * The smallest hard limit of a control group and those above it: that of a unit, a slice or a container, whoever made it.
 * Null where there is none.
 */
export async function readGroupLimit(host: Host, mount: CgroupMount, path: string): Promise<Bytes | null> {
  const file = mount.version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
  const parts = path.split('/').filter((part) => part !== '');
  const folders = parts.map((_, index) => `${mount.root}/${parts.slice(0, index + 1).join('/')}`);
  const texts = await Promise.all([mount.root, ...folders].map((folder) => host.read(`${folder}/${file}`)));
  const limits = texts
    .map((text) => (text.kind === 'value' ? Number.parseInt(text.value, 10) : Number.NaN))
    .filter((limit) => !Number.isNaN(limit) && limit < NO_LIMIT_BYTES);
  return limits.length === 0 ? null : Math.min(...limits);
}
