import { describe, expect, it } from 'vitest';
import { findMemoryGroup } from './cgroup-membership.ts';

const V2_MOUNT = '31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
const V1_MOUNT = '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory';
const V1_CPU_MOUNT = '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu';
const HYBRID_MOUNT = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw';

describe('findMemoryGroup', () => {
  it('finds a systemd service in version 2', () => {
    expect(findMemoryGroup('0::/system.slice/maque.service\n', V2_MOUNT)).toEqual({
      version: 2,
      mountPoint: '/sys/fs/cgroup',
      folder: '/sys/fs/cgroup/system.slice/maque.service',
    });
  });

  it('finds the root that a container with its own namespace sees', () => {
    expect(findMemoryGroup('0::/\n', V2_MOUNT)?.folder).toBe('/sys/fs/cgroup');
  });

  it('prefers version 1 where it has the memory controller, as in a hybrid set-up', () => {
    const cgroup = '9:name=systemd:/\n4:memory:/jobs/a:b\n1:cpu:/\n0::/\n';
    expect(findMemoryGroup(cgroup, [V1_CPU_MOUNT, V1_MOUNT, HYBRID_MOUNT].join('\n'))).toEqual({
      version: 1,
      mountPoint: '/sys/fs/cgroup/memory',
      folder: '/sys/fs/cgroup/memory/jobs/a:b',
    });
  });

  it('takes the root of the mount off the path, as Docker shows it without a namespace', () => {
    const mount = V1_MOUNT.replace(' / /sys', ' /docker/abc /sys');
    expect(findMemoryGroup('4:memory:/docker/abc\n', mount)?.folder).toBe('/sys/fs/cgroup/memory');
    expect(findMemoryGroup('4:memory:/docker/abc/child\n', mount)?.folder).toBe(
      '/sys/fs/cgroup/memory/child',
    );
    expect(findMemoryGroup('4:memory:/elsewhere\n', mount)?.folder).toBe('/sys/fs/cgroup/memory');
  });

  it('stays at the mount point when the group is outside of what is mounted', () => {
    expect(findMemoryGroup('0::/../../other\n', V2_MOUNT)?.folder).toBe('/sys/fs/cgroup');
  });

  it('reads mount points with a space in them', () => {
    expect(findMemoryGroup('0::/a\n', V2_MOUNT.replace('/sys/fs/cgroup', '/my\\040groups'))?.folder).toBe(
      '/my groups/a',
    );
  });

  it.each([
    ['nothing', '', ''],
    ['no mount', '0::/a\n', ''],
    ['no membership', '', V2_MOUNT],
    ['no memory controller', '1:cpu:/\n', V1_CPU_MOUNT],
    ['garbage', '\u0000:::\n::', ' - \n - - cgroup2'],
  ])('finds none in %s', (_what, cgroup, mountinfo) => {
    expect(findMemoryGroup(cgroup, mountinfo)).toBeNull();
  });
});
