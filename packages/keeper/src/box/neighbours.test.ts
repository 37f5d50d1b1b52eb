import { KiB, MINUTE, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { procOf, statm } from '../../testing/proc-texts.ts';
import { Neighbours } from './neighbours.ts';
import { createProcFiles } from './proc-files.ts';

const PAGE = 4 * KiB;

/** Lets a round come to its end, however many steps it takes. */
function round(neighbours: Neighbours, nowMs: number, folder: string | null = null, own = new Set<number>()) {
  for (let step = 0; step < 100; step += 1) neighbours.step(nowMs, false, folder, own);
  return neighbours.largest;
}

const process = (pid: number, comm: string, mib: number) => ({
  [`/proc/${pid}/comm`]: `${comm}\n`,
  [`/proc/${pid}/statm`]: statm(mib),
});

describe('Neighbours', () => {
  it('sums up processes by name, without the keeper’s own, kernel threads and small ones', () => {
    const files = procOf({
      ...process(10, 'mariadbd', 400),
      ...process(11, 'php-fpm', 30),
      ...process(12, 'php-fpm', 20),
      ...process(13, 'MainThread', 90),
      ...process(14, 'MainThread', 70),
      '/proc/2/comm': 'kthreadd\n',
      '/proc/2/statm': '0 0 0 0 0 0 0\n',
      '/proc/15/comm': 'cron\n',
      '/proc/15/statm': statm(1, 3),
      '/proc/meminfo': 'MemTotal: 1 kB\n',
    });
    const neighbours = new Neighbours(files, PAGE);
    expect(round(neighbours, MINUTE, null, new Set([14]))).toEqual([
      { name: 'mariadbd', processes: 1, bytes: 400 * MiB, bytesPerSecond: null },
      { name: 'node', processes: 1, bytes: 90 * MiB, bytesPerSecond: null },
      { name: 'php-fpm', processes: 2, bytes: 50 * MiB, bytesPerSecond: null },
    ]);
    files.texts.set('/proc/10/statm', statm(520));
    expect(round(neighbours, 2 * MINUTE)[0]).toMatchObject({ bytes: 520 * MiB, bytesPerSecond: 2 * MiB });
  });

  it('divides what forked processes share, where the kernel tells', () => {
    const rollup =
      'Rss: 409600 kB\nPss: 300000 kB\nPss_Anon: 51200 kB\nPss_File: 1 kB\nPss_Shmem: 10240 kB\n';
    const files = procOf({
      ...process(10, 'postgres', 200),
      ...process(11, 'postgres', 150),
      '/proc/10/smaps_rollup': rollup,
    });
    expect(round(new Neighbours(files, PAGE), MINUTE)[0]?.bytes).toBe((60 + 150) * MiB);
  });

  it('looks at the members of the control group alone where that is the box', () => {
    const files = procOf({
      ...process(10, 'java', 400),
      ...process(11, 'redis-server', 100),
      ...process(12, 'elsewhere', 900),
      '/sys/fs/cgroup/box/cgroup.procs': '10\n',
      '/sys/fs/cgroup/box/inner/cgroup.procs': '11\n0\n',
      '/sys/fs/cgroup/box/inner/memory.max': 'max\n',
    });
    const names = round(new Neighbours(files, PAGE), MINUTE, '/sys/fs/cgroup/box').map(({ name }) => name);
    expect(names).toEqual(['java', 'redis-server']);
  });

  it('takes a bounded number of processes, a bounded number at a step, and shows what prints', () => {
    const many = Array.from({ length: 6_000 }, (_, index) => process(index + 1, `\u001b[31m${index}`, 20));
    const files = procOf(Object.assign({}, ...many));
    let reads = 0;
    const readOnce = (path: string) => {
      reads += 1;
      return files.readOnce(path);
    };
    const neighbours = new Neighbours({ ...files, readOnce }, PAGE);
    let most = 0;
    for (let step = 0; step < 200; step += 1) {
      reads = 0;
      neighbours.step(MINUTE, false, null, new Set());
      most = Math.max(most, reads);
    }
    expect(most).toBeLessThanOrEqual(2 * 64);
    expect(neighbours.largest).toHaveLength(8);
    expect(neighbours.largest[0]?.name).toMatch(/^\?\[31m\d+$/);
  });

  it('begins a round each minute, each ten seconds in a hurry', () => {
    const files = procOf(process(10, 'nginx', 20));
    const neighbours = new Neighbours(files, PAGE);
    round(neighbours, MINUTE);
    files.texts.set('/proc/10/statm', statm(60));
    expect(round(neighbours, MINUTE + 30_000)[0]?.bytes).toBe(20 * MiB);
    for (let step = 0; step < 9; step += 1) neighbours.step(MINUTE + 30_000, true, null, new Set());
    expect(neighbours.largest[0]?.bytes).toBe(60 * MiB);
  });

  it('finds this very process on this machine', () => {
    const neighbours = new Neighbours(createProcFiles(), PAGE);
    expect(round(neighbours, MINUTE).map(({ name }) => name)).toContain('node');
  });

  it('finds nobody where there is no /proc', () => {
    expect(round(new Neighbours(procOf({}), PAGE), MINUTE)).toEqual([]);
  });
});
