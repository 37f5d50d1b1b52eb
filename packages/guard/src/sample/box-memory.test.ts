import { createManualClock, GiB, MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { readerOf } from '../../fixtures/file-texts.ts';
import { createBoxReader } from './box-memory.ts';

const meminfo = (totalMiB: number, availableMiB: number) =>
  `MemTotal:     ${totalMiB * 1024} kB\nMemFree:  1 kB\nMemAvailable: ${availableMiB * 1024} kB\n`;

const GROUP = {
  '/proc/self/cgroup': '0::/web\n',
  '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  '/sys/fs/cgroup/web/memory.max': `${512 * MiB}\n`,
  '/sys/fs/cgroup/web/memory.current': `${300 * MiB}\n`,
};

it('is the control group when that runs out first, with the stalls of the machine if it tells none', () => {
  const files = readerOf({
    ...GROUP,
    '/proc/meminfo': meminfo(2048, 1024),
    '/proc/pressure/memory':
      'some avg10=0.00 avg60=0 avg300=0 total=0\nfull avg10=1.00 avg60=0 avg300=0 total=0\n',
  });
  expect(createBoxReader(files, createManualClock())()).toEqual({
    kind: 'cgroup',
    limit: 512 * MiB,
    used: 300 * MiB,
    stall: 0.01,
  });
});

it('is the machine when that runs out first, and where there is no group', () => {
  const full = { kind: 'machine', limit: 2 * GiB, used: 1948 * MiB, stall: null };
  const files = readerOf({ ...GROUP, '/proc/meminfo': meminfo(2048, 100) });
  expect(createBoxReader(files, createManualClock())()).toEqual(full);
  expect(createBoxReader(readerOf({ '/proc/meminfo': meminfo(2048, 100) }), createManualClock())()).toEqual(
    full,
  );
});

it('says what it does not know where there is no /proc', () => {
  expect(createBoxReader(readerOf({}), createManualClock())()).toMatchObject({
    kind: 'machine',
    used: null,
    stall: null,
  });
});

const STALLED = 'full avg10=0.50 avg60=0 avg300=0 total=0\n';

it.each([
  ['once a second while a quarter or less is left', { '/proc/meminfo': meminfo(2048, 500) }, 1_000],
  [
    'once a second while somebody waits for memory',
    { '/proc/meminfo': meminfo(2048, 1000), '/proc/pressure/memory': STALLED },
    1_000,
  ],
  ['every three seconds while there is plenty', { '/proc/meminfo': meminfo(2048, 1000) }, 3_000],
])('reads %s', (_when, texts, everyMs) => {
  const clock = createManualClock();
  const files = readerOf(texts);
  const box = createBoxReader(files, clock);
  const before = box().used;
  files.texts.set('/proc/meminfo', meminfo(2048, 100));
  clock.advance(everyMs - 1);
  expect(box().used).toBe(before);
  clock.advance(1);
  expect(box().used).toBe(1948 * MiB);
});
