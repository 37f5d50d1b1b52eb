import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  files,
  kindsOf,
  look,
  memory,
  NO_SWAP,
  node,
  pressure,
  SWAP_FILE,
  SWAPS_HEAD,
  V1,
  V2,
  withProcesses,
} from '../../../testing/memory-recordings.ts';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import type { Check } from '../check.ts';
import { availableMemory } from './available-memory.ts';
import { hugePages } from './huge-pages.ts';
import { memoryPressure } from './memory-pressure.ts';
import { noSwap } from './no-swap.ts';
import { overcommit } from './overcommit.ts';
import { swapThrash } from './swap-thrash.ts';
import { swappiness } from './swappiness.ts';
import { unownedMemory } from './unowned-memory.ts';

const ZRAM = {
  '/proc/swaps': `${SWAPS_HEAD}/dev/zram0                              partition\t1003516\t\t0\t\t100\n`,
};

const redis = { pid: 700, executable: '/usr/bin/redis-server' };

/** Counters of three looks. */
function swapping(...pages: readonly number[]): Record<string, readonly string[]> {
  return {
    '/proc/vmstat': pages.map((count) => `nr_free_pages 1\npswpin ${count}\npswpout 7\noom_kill 0\n`),
  };
}

function thp(setting: string): Record<string, string> {
  return { '/sys/kernel/mm/transparent_hugepage/enabled': `${setting}\n` };
}

function space(totalMb: number, freeMb: number) {
  return { totalBytes: totalMb * MiB, freeBytes: freeMb * MiB, totalInodes: 1_000, freeInodes: 900 };
}

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [availableMemory, 'half is available', files(memory()), ['ok']],
  [availableMemory, 'an eighth is available', files(memory({ MemAvailable: 245 })), ['warning']],
  [availableMemory, 'hardly any is available', files(memory({ MemAvailable: 100 })), ['critical']],
  [availableMemory, 'the file is closed', { files: { '/proc/meminfo': null } }, ['unknown']],
  [
    availableMemory,
    'the container is full and the box is not',
    files(memory({ MemTotal: 8_000, MemAvailable: 6_000 }), V2, {
      '/sys/fs/cgroup/memory.max': `${512 * MiB}\n`,
      '/sys/fs/cgroup/memory.current': `${500 * MiB}\n`,
      '/sys/fs/cgroup/memory.stat': `anon ${480 * MiB}\ninactive_file ${2 * MiB}\n`,
    }),
    ['critical'],
  ],
  [
    availableMemory,
    'the container is full of files that nobody uses',
    files(memory({ MemTotal: 8_000, MemAvailable: 6_000 }), V1, {
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${512 * MiB}\n`,
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${500 * MiB}\n`,
      '/sys/fs/cgroup/memory/memory.stat': `total_inactive_file ${200 * MiB}\n`,
    }),
    ['ok'],
  ],

  [memoryPressure, 'nobody waits', files(pressure(0.2, 0.1)), ['ok']],
  [memoryPressure, 'some wait for long', files(pressure(12, 1)), ['warning']],
  [memoryPressure, 'all wait', files(pressure(12, 6)), ['warning']],
  [memoryPressure, 'all wait a quarter of the time', files(pressure(40, 25)), ['critical']],
  [memoryPressure, 'the kernel has none', files(), ['unknown']],
  [memoryPressure, 'booted with psi=0', { files: { '/proc/pressure/memory': null } }, ['unknown']],

  [noSwap, 'there is some', files(memory(), SWAP_FILE), ['ok']],
  [noSwap, 'a small box without', files(memory(), NO_SWAP), ['warning']],
  [noSwap, 'a large box without', files(memory({ MemTotal: 16_000 }), NO_SWAP), ['not-applicable']],
  [noSwap, 'closed', files(memory(), { '/proc/swaps': null }), ['unknown']],

  [swapThrash, 'nothing moves', files(SWAP_FILE, swapping(0, 0, 0)), ['ok']],
  [swapThrash, 'one program wakes up', files(SWAP_FILE, swapping(0, 5_000, 5_010)), ['ok']],
  [swapThrash, 'it goes on', files(SWAP_FILE, swapping(0, 300, 600)), ['warning']],
  [swapThrash, 'nothing else happens', files(SWAP_FILE, swapping(0, 2_000, 4_000)), ['critical']],
  [swapThrash, 'there is no swap', files(NO_SWAP, swapping(0, 0, 0)), ['not-applicable']],
  [swapThrash, 'closed', files(SWAP_FILE, { '/proc/vmstat': null }), ['unknown']],

  [swappiness, 'as Debian has it', files(SWAP_FILE, { '/proc/sys/vm/swappiness': '60\n' }), ['ok']],
  [swappiness, 'never', files(SWAP_FILE, { '/proc/sys/vm/swappiness': '0\n' }), ['warning']],
  [swappiness, 'eager, on a disk', files(SWAP_FILE, { '/proc/sys/vm/swappiness': '100\n' }), ['warning']],
  [swappiness, 'eager, in zram', files(ZRAM, { '/proc/sys/vm/swappiness': '150\n' }), ['ok']],
  [swappiness, 'no swap', files(NO_SWAP, { '/proc/sys/vm/swappiness': '0\n' }), ['not-applicable']],
  [swappiness, 'closed', files(SWAP_FILE, { '/proc/sys/vm/swappiness': null }), ['unknown']],

  [overcommit, 'as it comes', files({ '/proc/sys/vm/overcommit_memory': '0\n' }), ['ok']],
  [
    overcommit,
    'with Redis',
    withProcesses([redis], { '/proc/sys/vm/overcommit_memory': '0\n' }),
    ['warning'],
  ],
  [overcommit, 'as Redis asks', withProcesses([redis], { '/proc/sys/vm/overcommit_memory': '1\n' }), ['ok']],
  [
    overcommit,
    'strict, with room',
    files(memory({ CommitLimit: 2_000, Committed_AS: 900 }), { '/proc/sys/vm/overcommit_memory': '2\n' }),
    ['warning'],
  ],
  [
    overcommit,
    'strict, and nearly all is promised',
    files(memory({ CommitLimit: 2_000, Committed_AS: 1_900 }), { '/proc/sys/vm/overcommit_memory': '2\n' }),
    ['critical'],
  ],
  [overcommit, 'closed', files({ '/proc/sys/vm/overcommit_memory': null }), ['unknown']],

  [hugePages, 'no Redis', files(thp('[always] madvise never')), ['not-applicable']],
  [hugePages, 'as Debian has it', withProcesses([redis], thp('always [madvise] never')), ['ok']],
  [hugePages, 'always', withProcesses([redis], thp('[always] madvise never')), ['warning']],
  [
    hugePages,
    'always, and Redis turned it off for itself',
    withProcesses([{ ...redis, status: 'THP_enabled:\t0\n' }], thp('[always] madvise never')),
    ['ok'],
  ],
  [
    hugePages,
    'closed',
    withProcesses([redis], { '/sys/kernel/mm/transparent_hugepage/enabled': null }),
    ['unknown'],
  ],

  [unownedMemory, 'little', files(memory({ SUnreclaim: 60, Shmem: 20 })), ['ok']],
  [
    unownedMemory,
    'both',
    {
      ...files(memory({ SUnreclaim: 300, Shmem: 400 }), {
        '/proc/mounts': 'tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0\ntmpfs /run tmpfs rw 0 0\n',
      }),
      spaces: { '/dev/shm': space(900, 510), '/run': space(200, 195) },
    },
    ['warning', 'warning'],
  ],
  [
    unownedMemory,
    "PostgreSQL's buffers",
    withProcesses(
      [
        {
          pid: 70,
          executable: '/usr/lib/postgresql/15/bin/postgres',
          status: `RssShmem:\t${380 * 1024} kB\n`,
        },
      ],
      memory({ SUnreclaim: 60, Shmem: 400 }),
    ),
    ['ok'],
  ],
  [unownedMemory, 'closed', { files: { '/proc/meminfo': null } }, ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${situation}: ${expected.join(', ')}`, async () => {
    expect(kindsOf(await look(check, recording))).toEqual(expected);
  });
});

describe('what the doctor of memory says', () => {
  it('names the largest services where memory is low, each once', async () => {
    const sick = withProcesses(
      [
        { pid: 10, executable: '/usr/sbin/mariadbd', rssMb: 700, cgroup: '/system.slice/mariadb.service' },
        { ...node, rssMb: 300, cgroup: '/system.slice/shop.service' },
        { ...node, pid: 901, rssMb: 200, cgroup: '/system.slice/shop.service' },
      ],
      memory({ MemAvailable: 150 }),
    );
    const [outcome] = await look(availableMemory, sick);
    expect(outcome).toMatchObject({
      data: { services: 'mariadb.service (700 MiB), shop.service (500 MiB), systemd (10 MiB)' },
    });
  });

  it('sets a kernel setting beside those that are there, once, and not from inside a container', async () => {
    const sick = files(SWAP_FILE, { '/proc/sys/vm/swappiness': '0\n' });
    const [outcome] = await look(swappiness, sick);
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    expect(repair?.rewrite(null)).toBe('vm.swappiness = 10\n');
    expect(repair?.rewrite('vm.overcommit_memory = 1\nvm.swappiness=0\n')).toBe(
      'vm.overcommit_memory = 1\nvm.swappiness = 10\n',
    );
    const [inside] = await look(swappiness, { ...sick, facts: { '/.dockerenv': {} } });
    expect(inside).toMatchObject({ kind: 'finding' });
    expect(inside).not.toHaveProperty('repair');
  });
});
