import { DAY, HOUR, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { recordedProcesses } from '../../../testing/recorded-process.ts';
import { recordedUnits } from '../../../testing/recorded-units.ts';
import type { Check, Outcome } from '../check.ts';
import { JOURNAL_ARGUMENTS } from '../facts/oom-kills.ts';
import { Patient } from '../patient.ts';
import type { DoctorSample } from '../samples.ts';
import { availableMemory } from './available-memory.ts';
import { earlyKiller } from './early-killer.ts';
import { groupEvents } from './group-events.ts';
import { hugePages } from './huge-pages.ts';
import { memoryGrowth } from './memory-growth.ts';
import { memoryPressure } from './memory-pressure.ts';
import { noSwap } from './no-swap.ts';
import { oomHistory } from './oom-history.ts';
import { oomSettings } from './oom-settings.ts';
import { overcommit } from './overcommit.ts';
import { swapThrash } from './swap-thrash.ts';
import { swappiness } from './swappiness.ts';
import { unownedMemory } from './unowned-memory.ts';
import { victimOrder } from './victim-order.ts';

const NOW_MS = Date.UTC(2026, 4, 1, 12);
const SWAPS_HEAD = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
const NO_SWAP = { '/proc/swaps': SWAPS_HEAD };
const SWAP_FILE = {
  '/proc/swaps': `${SWAPS_HEAD}/swapfile                               file\t\t1048572\t\t0\t\t-2\n`,
};
const ZRAM = {
  '/proc/swaps': `${SWAPS_HEAD}/dev/zram0                              partition\t1003516\t\t0\t\t100\n`,
};
const V2 = {
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
};
const V1 = {
  '/proc/mounts':
    'tmpfs /sys/fs/cgroup tmpfs ro,nosuid,nodev,noexec,mode=755 0 0\ncgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0\ncgroup /sys/fs/cgroup/memory cgroup rw,nosuid,nodev,noexec,relatime,memory 0 0\n',
};
const node = { pid: 900, executable: '/usr/bin/node', comm: 'MainThread' };
const redis = { pid: 700, executable: '/usr/bin/redis-server' };

function memory(lines: Readonly<Record<string, number>> = {}): Record<string, string> {
  const all = { MemTotal: 1960, MemFree: 200, MemAvailable: 900, Cached: 600, ...lines };
  const text = Object.entries(all).map(([name, mb]) => `${name}:${String(mb * 1024).padStart(15)} kB\n`);
  return { '/proc/meminfo': text.join('') };
}

async function look(check: Check, recording: HostRecording, samples: readonly DoctorSample[] = []) {
  return check.look(new Patient(recordedHost({ nowMs: NOW_MS, ...recording }), samples));
}

function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

const none = recordedProcesses([{ pid: 1, executable: '/usr/lib/systemd/systemd' }]);
const files = (...parts: readonly Readonly<Record<string, string | null | readonly string[]>>[]) => ({
  files: Object.assign({ ...none.files }, ...parts),
});

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

  [oomHistory, 'nothing was killed', logged('', 0, 3 * DAY), ['ok']],
  [oomHistory, 'an hour ago', logged(killLine('2026-05-01T11:00:00+0000'), 1, 3 * DAY), ['critical']],
  [
    oomHistory,
    'the day before yesterday',
    logged(killLine('2026-04-29T08:00:00+0000'), 1, 3 * DAY),
    ['warning'],
  ],
  [oomHistory, 'a month ago', logged(killLine('2026-04-01T08:00:00+0000'), 1, 60 * DAY), ['ok']],
  [oomHistory, 'counted, and no log tells', counted(2, 2 * DAY), ['warning']],
  [oomHistory, 'counted today, and no log tells', counted(2, 2 * HOUR), ['critical']],
  [oomHistory, 'no log and no counter', { commands: closedLogs() }, ['unknown']],
  [oomHistory, 'none counted for a month, and every log is closed', counted(0, 30 * DAY), ['ok']],
  [oomHistory, 'none counted since yesterday, and every log is closed', counted(0, DAY), ['unknown']],

  [groupEvents, 'no kill', groups({ 'shop.service': 'low 0\nhigh 0\nmax 12\noom 0\noom_kill 0\n' }), ['ok']],
  [
    groupEvents,
    'a kill in a service that runs',
    groups({ 'shop.service': 'low 0\nhigh 0\nmax 40\noom 1\noom_kill 1\n' }),
    ['critical'],
  ],
  [
    groupEvents,
    'a kill in one that was started anew',
    groups({
      '.': 'low 0\nhigh 0\nmax 0\noom 3\noom_kill 3\n',
      'shop.service': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
    }),
    ['warning'],
  ],
  [
    groupEvents,
    'slowed down',
    groups({ 'shop.service': ['high 100\noom_kill 0\n', 'high 400\noom_kill 0\n'] }),
    ['warning'],
  ],
  [
    groupEvents,
    'slowed down once',
    groups({ 'shop.service': ['high 100\noom_kill 0\n', 'high 102\noom_kill 0\n'] }),
    ['ok'],
  ],
  [
    groupEvents,
    'version 1, a kill',
    groupsOfFirst('5', 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n'),
    ['critical'],
  ],
  [
    groupEvents,
    'CentOS 7, the limit reached',
    groupsOfFirst('5', 'oom_kill_disable 0\nunder_oom 0\n'),
    ['warning'],
  ],
  [
    groupEvents,
    'version 1, no kill',
    groupsOfFirst('5', 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n'),
    ['ok'],
  ],
  [groupEvents, 'no control groups', files({ '/proc/mounts': '' }), ['unknown']],
  [groupEvents, 'closed', { ...files(V2, { '/sys/fs/cgroup/cgroup.controllers': null }) }, ['unknown']],

  [oomSettings, 'as they come', files(oomSysctls(0, 0, 1)), ['ok', 'ok', 'ok']],
  [oomSettings, 'all changed', files(oomSysctls(1, 1, 0)), ['critical', 'warning', 'info']],
  [oomSettings, 'closed', files({ '/proc/sys/vm/panic_on_oom': null }), ['unknown', 'unknown', 'unknown']],

  [
    victimOrder,
    'the application first',
    withProcesses([
      { pid: 500, executable: '/usr/sbin/sshd', oomScoreAdj: -1000, oomScore: 0 },
      { pid: 501, executable: '/usr/sbin/sshd', parent: 500, oomScoreAdj: 0 },
      { pid: 600, executable: '/usr/sbin/mariadbd', oomScoreAdj: -500, oomScore: 340 },
      { ...node, oomScoreAdj: 300, oomScore: 900 },
    ]),
    ['ok'],
  ],
  [
    victimOrder,
    'all wrong',
    withProcesses([
      { pid: 500, executable: '/usr/sbin/sshd', oomScoreAdj: 0, cgroup: '/system.slice/ssh.service' },
      { pid: 600, executable: '/usr/sbin/mariadbd', oomScore: 780, cgroup: '/system.slice/mariadb.service' },
      { ...node, oomScoreAdj: -1000, oomScore: 0 },
    ]),
    ['warning', 'critical', 'warning'],
  ],
  [
    victimOrder,
    'closed',
    withProcesses([{ ...node, oomScoreAdj: null }], { '/proc/1/oom_score_adj': null }),
    ['unknown'],
  ],

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

  [earlyKiller, 'earlyoom', withProcesses([{ pid: 5, comm: 'earlyoom' }], memory(), SWAP_FILE), ['ok']],
  [earlyKiller, 'none', files(memory(), SWAP_FILE), ['info']],
  [earlyKiller, 'none, on a large box', files(memory({ MemTotal: 16_000 }), SWAP_FILE), ['not-applicable']],
  [
    earlyKiller,
    'two',
    withProcesses(
      [
        { pid: 5, comm: 'earlyoom' },
        { pid: 6, comm: 'systemd-oomd' },
      ],
      memory(),
      SWAP_FILE,
    ),
    ['warning'],
  ],
  [
    earlyKiller,
    'systemd-oomd without swap',
    withProcesses([{ pid: 6, comm: 'systemd-oomd' }], memory(), NO_SWAP),
    ['warning'],
  ],
  [
    earlyKiller,
    'in a container',
    { ...files(memory(), SWAP_FILE), facts: { '/.dockerenv': {} } },
    ['not-applicable'],
  ],
  [earlyKiller, 'closed', withProcesses([node], { '/proc/meminfo': null }), ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${situation}: ${expected.join(', ')}`, async () => {
    expect(kindsOf(await look(check, recording))).toEqual(expected);
  });
});

describe('growth', () => {
  it('is unknown without samples, and with samples of one hour', async () => {
    expect(kindsOf(await look(memoryGrowth, {}))).toEqual(['unknown']);
    expect(
      kindsOf(
        await look(
          memoryGrowth,
          {},
          samples(1, () => 100),
        ),
      ),
    ).toEqual(['unknown']);
  });

  it('is unknown when the last sample is old', async () => {
    const old = samples(24, () => 100).map((one) => ({ ...one, atMs: one.atMs - DAY }));
    expect(kindsOf(await look(memoryGrowth, {}, old))).toEqual(['unknown']);
  });

  it('passes over a service that moves up and down', async () => {
    const wave = samples(24, (hour) => 200 + 60 * Math.sin(hour));
    expect(kindsOf(await look(memoryGrowth, {}, wave))).toEqual(['ok']);
  });

  it('tells the rate of a leak and when memory ends, whatever single peaks there are', async () => {
    const leak = samples(24, (hour) => 200 + 10 * hour + (hour % 7 === 0 ? 300 : 0));
    const [outcome] = await look(memoryGrowth, {}, leak);
    expect(outcome).toMatchObject({ kind: 'finding', data: { rate: '10 MiB', left: '2.1 d' } });
  });

  it('counts from the last restart on', async () => {
    const restarted = samples(24, (hour) => (hour < 20 ? 200 + 10 * hour : 100));
    expect(kindsOf(await look(memoryGrowth, {}, restarted))).toEqual(['ok']);
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

  it('counts a kill that two logs tell of once', async () => {
    const line = killLine('2026-05-01T11:00:00+0000');
    const recording = logged(line, 1, 3 * DAY);
    const [outcome] = await look(oomHistory, {
      ...recording,
      commands: { ...recording.commands, 'tail -c 1000000 /var/log/kern.log': `${line}\n` },
    });
    expect(outcome).toMatchObject({ data: { count: 1, ago: '1 h', name: 'MainThread' } });
  });

  it('knows what systemd-oomd and earlyoom say, and that exit code 137 alone says nothing', async () => {
    const lines = [
      '2026-05-01T10:00:00+0000 shop earlyoom[412]: sending SIGTERM to process 900 uid 0 "node": badness 812, VmRSS 900 MiB',
      '2026-05-01T09:00:00+0000 shop systemd-oomd[300]: Killed /system.slice/shop.service due to memory pressure for /system.slice being 81.25% > 60.00% for > 30s with reclaim activity',
    ].join('\n');
    const [outcome] = await look(oomHistory, logged(lines, 0, 3 * DAY));
    expect(outcome).toMatchObject({ severity: 'critical', data: { count: 2, name: 'node', ago: '2 h' } });
    const remark = '2026-05-01T10:00:00+0000 shop app[7]: child exited with code 137';
    expect(kindsOf(await look(oomHistory, logged(remark, 0, 3 * DAY)))).toEqual(['ok']);
  });

  it('dates a kill of which only the uptime is known', async () => {
    const line =
      '[  7200.000000] Out of memory: Killed process 4242 (MainThread) total-vm:1kB, anon-rss:900000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0\n';
    const [outcome] = await look(oomHistory, {
      files: { '/proc/uptime': '93600.00 1.0\n' },
      commands: { ...closedLogs(), dmesg: line },
    });
    expect(outcome).toMatchObject({ kind: 'finding', severity: 'critical', data: { ago: '1 d' } });
  });
});

function pressure(some: number, full: number): Record<string, string> {
  return {
    '/proc/pressure/memory': `some avg10=0.00 avg60=${some} avg300=${some} total=70194414\nfull avg10=0.00 avg60=${full} avg300=${full} total=43765478\n`,
  };
}

/** Counters of three looks. */
function swapping(...pages: readonly number[]): Record<string, readonly string[]> {
  return {
    '/proc/vmstat': pages.map((count) => `nr_free_pages 1\npswpin ${count}\npswpout 7\noom_kill 0\n`),
  };
}

function withProcesses(
  processes: Parameters<typeof recordedProcesses>[0],
  ...more: readonly Readonly<Record<string, string | null>>[]
): HostRecording {
  const recorded = recordedProcesses(processes);
  return {
    files: Object.assign({ ...none.files }, recorded.files, ...more),
    links: { ...none.links, ...recorded.links },
  };
}

function killLine(time: string): string {
  return `${time} shop kernel: Out of memory: Killed process 4242 (MainThread) total-vm:1651708kB, anon-rss:900972kB, file-rss:36872kB, shmem-rss:0kB, UID:0 pgtables:1082kB oom_score_adj:0`;
}

function closedLogs() {
  const denied = { code: 1, stderr: 'dmesg: read kernel buffer failed: Operation not permitted\n' };
  return {
    [['journalctl', ...JOURNAL_ARGUMENTS].join(' ')]: {
      code: 1,
      stdout: '-- No entries --\n',
      stderr: 'Hint: You are currently not seeing messages from other users and the system.\n',
    },
    dmesg: denied,
  };
}

function counted(kills: number, uptimeMs: number): HostRecording {
  return {
    files: { '/proc/vmstat': `oom_kill ${kills}\n`, '/proc/uptime': `${uptimeMs / 1_000}.55 1.0\n` },
    commands: closedLogs(),
  };
}

function logged(line: string, kills: number, uptimeMs: number): HostRecording {
  const journal = line === '' ? { code: 1, stdout: '-- No entries --\n' } : `${line}\n`;
  return {
    ...counted(kills, uptimeMs),
    commands: { ...closedLogs(), [['journalctl', ...JOURNAL_ARGUMENTS].join(' ')]: journal },
  };
}

/** Groups below system.slice; `.` is the slice itself. */
function groups(events: Readonly<Record<string, string | readonly string[]>>): HostRecording {
  const at = (name: string) => `/sys/fs/cgroup/system.slice/${name === '.' ? '' : `${name}/`}memory.events`;
  const units = Object.keys(events).filter((name) => name !== '.');
  return {
    ...recordedUnits(Object.fromEntries(units.map((name) => [name, {}]))),
    files: {
      ...none.files,
      ...V2,
      ...Object.fromEntries(Object.entries(events).map(([name, text]) => [at(name), text])),
    },
  };
}

function groupsOfFirst(failures: string, control: string): HostRecording {
  const at = '/sys/fs/cgroup/memory/system.slice/shop.service';
  return {
    ...recordedUnits({ 'shop.service': {} }),
    files: {
      ...none.files,
      ...V1,
      [`${at}/memory.failcnt`]: `${failures}\n`,
      [`${at}/memory.oom_control`]: control,
    },
  };
}

function oomSysctls(panic: number, allocating: number, dump: number): Record<string, string> {
  return {
    '/proc/sys/vm/panic_on_oom': `${panic}\n`,
    '/proc/sys/vm/oom_kill_allocating_task': `${allocating}\n`,
    '/proc/sys/vm/oom_dump_tasks': `${dump}\n`,
  };
}

function thp(setting: string): Record<string, string> {
  return { '/sys/kernel/mm/transparent_hugepage/enabled': `${setting}\n` };
}

function space(totalMb: number, freeMb: number) {
  return { totalBytes: totalMb * MiB, freeBytes: freeMb * MiB, totalInodes: 1_000, freeInodes: 900 };
}

/** One an hour up to now, of one service. */
function samples(hours: number, sizeMb: (hour: number) => number): readonly DoctorSample[] {
  return Array.from({ length: hours + 1 }, (_, hour) => ({
    atMs: NOW_MS - (hours - hour) * HOUR,
    memoryAvailableBytes: 500 * MiB,
    services: { 'shop.service': sizeMb(hour) * MiB },
    logs: {},
  }));
}
