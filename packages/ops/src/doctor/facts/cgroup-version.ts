import type { Host, Reading } from '../host/host.ts';

/** How the kernel's control groups are mounted, as far as memory is concerned. */
export interface CgroupMount {
  readonly version: 1 | 2;
  /** Where the folders of the groups begin, without a slash at the end. */
  readonly root: string;
}

/**
 * Where memory is accounted. With both versions mounted (systemd's "hybrid") memory is with version 1. Absent where no
 * group has memory: a kernel without it, or a Raspberry Pi with `cgroup_disable=memory`.
 */
export async function readCgroupMount(host: Host): Promise<Reading<CgroupMount>> {
  const text = await host.read('/proc/mounts');
  if (text.kind !== 'value') return text;
  const mounts = text.value.split('\n').map((line) => line.split(' '));
  const first = mounts.find(
    ([, , type, options]) => type === 'cgroup' && options?.split(',').includes('memory'),
  );
  if (first?.[1] !== undefined) return { kind: 'value', value: { version: 1, root: first[1] } };
  const second = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  if (second === undefined) return { kind: 'absent' };
  const controllers = await host.read(`${second}/cgroup.controllers`);
  if (controllers.kind === 'unreadable') return controllers;
  const hasMemory = controllers.kind === 'value' && controllers.value.split(/\s+/).includes('memory');
  return hasMemory ? { kind: 'value', value: { version: 2, root: second } } : { kind: 'absent' };
}
