import { DAY, HOUR } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  files,
  kindsOf,
  look,
  memory,
  NO_SWAP,
  node,
  none,
  SWAP_FILE,
  V1,
  V2,
  withProcesses,
} from '../../../testing/memory-recordings.ts';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import { recordedUnits } from '../../../testing/recorded-units.ts';
import type { Check } from '../check.ts';
import { JOURNAL_ARGUMENTS } from '../facts/oom-kills.ts';
import { earlyKiller } from './early-killer.ts';
import { groupEvents } from './group-events.ts';
import { oomHistory } from './oom-history.ts';
import { oomSettings } from './oom-settings.ts';
import { victimOrder } from './victim-order.ts';

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

describe.each<[Check, string, HostRecording, readonly string[]]>([
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

describe('what the doctor of kills says', () => {
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
