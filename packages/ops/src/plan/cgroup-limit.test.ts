import { GiB, MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { readCgroupLimit } from './cgroup-limit.ts';

const UNLIMITED_V1 = '9223372036854771712\n';

function reader(files: Record<string, string>) {
  return (path: string) => files[path];
}

it('reads a v2 limit set on a slice above the process', () => {
  const readText = reader({
    '/proc/self/cgroup': '0::/system.slice/maque.service\n',
    '/sys/fs/cgroup/system.slice/maque.service/memory.max': 'max\n',
    '/sys/fs/cgroup/system.slice/maque.service/memory.high': 'max\n',
    '/sys/fs/cgroup/system.slice/memory.max': `${GiB}\n`,
  });
  expect(readCgroupLimit(readText)).toEqual({ bound: 'cgroup-v2', bytes: GiB });
});

it('takes memory.high where it is tighter than memory.max', () => {
  const readText = reader({
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': `${GiB}\n`,
    '/sys/fs/cgroup/memory.high': `${900 * MiB}\n`,
  });
  expect(readCgroupLimit(readText)).toEqual({ bound: 'cgroup-v2', bytes: 900 * MiB });
});

it('reads a v1 limit of a parent group', () => {
  const readText = reader({
    '/proc/self/cgroup': '5:devices:/\n4:cpu,memory:/box/child\n0::/\n',
    '/sys/fs/cgroup/memory/box/child/memory.limit_in_bytes': UNLIMITED_V1,
    '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': `${512 * MiB}\n`,
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': UNLIMITED_V1,
  });
  expect(readCgroupLimit(readText)).toEqual({ bound: 'cgroup-v1', bytes: 512 * MiB });
});

it('uses the mount point where a container does not see its own path', () => {
  const readText = reader({
    '/proc/self/cgroup': '4:memory:/docker/0f3a\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * MiB}\n`,
  });
  expect(readCgroupLimit(readText)?.bytes).toBe(256 * MiB);
});

it('finds no limit where there is none, or nothing readable', () => {
  expect(readCgroupLimit(reader({}))).toBeUndefined();
  expect(readCgroupLimit(reader({ '/proc/self/cgroup': 'garbage\n::\n0::/a\n' }))).toBeUndefined();
  const max = { '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/a/memory.max': 'max\n' };
  expect(readCgroupLimit(reader(max))).toBeUndefined();
});
