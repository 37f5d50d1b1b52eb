import { createManualClock, GiB, MINUTE, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { readerOf } from '../../fixtures/file-texts.ts';
import { CgroupReader, readGroupLimit } from './cgroup-reader.ts';

const V2 = {
  '/proc/self/cgroup': '0::/shop.slice/web.service\n',
  '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  '/sys/fs/cgroup/shop.slice/web.service/memory.max': `${512 * MiB}\n`,
  '/sys/fs/cgroup/shop.slice/web.service/memory.current': `${400 * MiB}\n`,
  '/sys/fs/cgroup/shop.slice/web.service/memory.stat': `anon ${200 * MiB}\nfile ${150 * MiB}\ninactive_file ${100 * MiB}\nactive_file ${40 * MiB}\nslab_reclaimable ${10 * MiB}\n`,
  '/sys/fs/cgroup/shop.slice/web.service/memory.pressure':
    'some avg10=9.10 avg60=1 avg300=0 total=1\nfull avg10=2.50 avg60=0.50 avg300=0.10 total=1\n',
  '/sys/fs/cgroup/shop.slice/memory.max': 'max\n',
};

const V1 = {
  '/proc/self/cgroup': '4:memory:/web\n',
  '/proc/self/mountinfo': '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  '/sys/fs/cgroup/memory/web/memory.limit_in_bytes': `${GiB}\n`,
  '/sys/fs/cgroup/memory/web/memory.usage_in_bytes': `${700 * MiB}\n`,
  '/sys/fs/cgroup/memory/web/memory.stat': `inactive_file 1\ntotal_inactive_file ${300 * MiB}\ntotal_active_file ${100 * MiB}\n`,
};

const read = (texts: Readonly<Record<string, string>>) =>
  new CgroupReader(readerOf(texts), createManualClock()).read();

describe('CgroupReader', () => {
  it('reads version 2 without what the kernel can take back, and the stalls', () => {
    expect(read(V2)).toEqual({
      folder: '/sys/fs/cgroup/shop.slice/web.service',
      limit: 512 * MiB,
      used: 250 * MiB,
      stall: 0.025,
    });
  });

  it('reads version 1, where "no limit" is a number', () => {
    expect(read(V1)).toMatchObject({ limit: GiB, used: 300 * MiB, stall: null });
  });

  it('takes the parent when that has less room left', () => {
    const parent = {
      '/sys/fs/cgroup/shop.slice/memory.max': `${600 * MiB}\n`,
      '/sys/fs/cgroup/shop.slice/memory.current': `${590 * MiB}\n`,
    };
    expect(read({ ...V2, ...parent })).toMatchObject({ limit: 600 * MiB, used: 590 * MiB });
  });

  it('knows none without a limit, a controller or a /proc', () => {
    expect(read({ ...V2, '/sys/fs/cgroup/shop.slice/web.service/memory.max': 'max\n' })).toBeNull();
    expect(read({ '/proc/self/cgroup': '0::/\n' })).toBeNull();
    expect(read({})).toBeNull();
  });

  it('lives on when the group vanishes, and finds the new one within a minute', () => {
    const files = readerOf(V2);
    const clock = createManualClock();
    const reader = new CgroupReader(files, clock);
    expect(reader.read()?.limit).toBe(512 * MiB);
    for (const path of files.texts.keys()) if (path.includes('web.service')) files.texts.delete(path);
    expect(reader.read()).toBeNull();
    for (const [path, text] of Object.entries(V1)) files.texts.set(path, text);
    clock.advance(MINUTE);
    expect(reader.read()?.limit).toBe(GiB);
  });

  it('does not climb for ever', () => {
    const deep = '/a'.repeat(200);
    const texts = { ...V2, '/proc/self/cgroup': `0::${deep}\n`, '/sys/fs/cgroup/memory.max': `${GiB}\n` };
    expect(read(texts)).toBeNull();
  });
});

describe('readGroupLimit', () => {
  const SLICE = '/sys/fs/cgroup/shop.slice';

  it('reads a limit of version 2 that is set on a slice above the process', () => {
    const texts = {
      ...V2,
      [`${SLICE}/web.service/memory.max`]: 'max\n',
      [`${SLICE}/memory.max`]: `${GiB}\n`,
    };
    expect(readGroupLimit(readerOf(texts))).toEqual({ version: 2, limit: GiB });
  });

  it('takes memory.high where it is tighter than memory.max', () => {
    const texts = { ...V2, [`${SLICE}/web.service/memory.high`]: `${400 * MiB}\n` };
    expect(readGroupLimit(readerOf(texts))).toEqual({ version: 2, limit: 400 * MiB });
    expect(read(texts)).toMatchObject({ limit: 400 * MiB, used: 250 * MiB });
  });

  it('reads a limit of version 1 of a parent group', () => {
    const texts = {
      ...V1,
      '/proc/self/cgroup': '5:devices:/\n4:cpu,memory:/box/child\n0::/\n',
      '/sys/fs/cgroup/memory/box/child/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': `${512 * MiB}\n`,
    };
    expect(readGroupLimit(readerOf(texts))).toEqual({ version: 1, limit: 512 * MiB });
  });

  it('uses the mount point where a container does not see its own path', () => {
    const texts = {
      ...V1,
      '/proc/self/cgroup': '4:memory:/docker/0f3a\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * MiB}\n`,
    };
    expect(readGroupLimit(readerOf(texts))?.limit).toBe(256 * MiB);
  });

  it('finds none where there is none, or nothing readable', () => {
    expect(readGroupLimit(readerOf({}))).toBeNull();
    expect(readGroupLimit(readerOf({ '/proc/self/cgroup': 'garbage\n::\n0::/a\n' }))).toBeNull();
    expect(readGroupLimit(readerOf({ ...V2, [`${SLICE}/web.service/memory.max`]: 'max\n' }))).toBeNull();
  });
});
