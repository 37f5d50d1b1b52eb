import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import { recordedUnits } from '../../../testing/recorded-units.ts';
import type { Check, Outcome } from '../check.ts';
import { inspectArguments, LIST_CONTAINERS } from '../facts/containers.ts';
import { LIST_PODS } from '../facts/pods.ts';
import { RESTART_ARGUMENTS } from '../facts/recent-restarts.ts';
import { SHOW_UNITS } from '../facts/units.ts';
import { Patient } from '../patient.ts';
import { cgroupVersion } from './cgroup-version.ts';
import { containerLimits } from './container-limits.ts';
import { fileLimits } from './file-limits.ts';
import { limitsOversold } from './limits-oversold.ts';
import { memoryHigh } from './memory-high.ts';
import { oomPolicy } from './oom-policy.ts';
import { podLimits } from './pod-limits.ts';
import { taskLimits } from './task-limits.ts';
import { unitRestarts } from './unit-restarts.ts';
import { unitWithoutLimit } from './unit-without-limit.ts';

type Units = Parameters<typeof recordedUnits>[0];

const SHOW = ['systemctl', ...SHOW_UNITS].join(' ');
const JOURNAL = ['journalctl', ...RESTART_ARGUMENTS].join(' ');
const NO_SYSTEMD: HostRecording = {
  commands: {
    [SHOW]: {
      code: 1,
      stderr:
        "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    },
  },
};
const NO_BUS: HostRecording = {
  commands: { [SHOW]: { code: 1, stderr: 'Failed to connect to bus: No such file or directory\n' } },
};
const MEMORY = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
};
const V2 = {
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
};
const V1 = {
  '/proc/mounts': 'cgroup /sys/fs/cgroup/memory cgroup rw,nosuid,nodev,noexec,relatime,memory 0 0\n',
};

const inUnit = (unit: string) => `/system.slice/${unit}`;
const shop: RecordedProcess = {
  pid: 900,
  executable: '/usr/bin/node',
  comm: 'MainThread',
  rssMb: 300,
  cgroup: inUnit('shop.service'),
};
const shopWorker: RecordedProcess = { ...shop, pid: 901, parent: 900 };
const nginx: RecordedProcess = {
  pid: 80,
  executable: '/usr/sbin/nginx',
  rssMb: 8,
  cgroup: inUnit('nginx.service'),
};

/** A server with these processes and units. */
function server(
  processes: readonly RecordedProcess[],
  units: Units,
  files: Readonly<Record<string, string | null>> = {},
  commands: HostRecording['commands'] = {},
): HostRecording {
  const recorded = recordedProcesses(processes);
  return {
    files: { ...recorded.files, ...MEMORY, ...V2, ...files },
    links: recorded.links,
    commands: { ...recordedUnits(units).commands, ...commands },
  };
}

function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

async function look(check: Check, recording: HostRecording) {
  return check.look(new Patient(recordedHost(recording)));
}

const mb = (count: number) => String(count * MiB);

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [cgroupVersion, 'version 2', { files: V2 }, ['ok']],
  [cgroupVersion, 'version 1', { files: V1 }, ['warning']],
  [
    cgroupVersion,
    'both, and memory with the first',
    { files: { '/proc/mounts': `${V2['/proc/mounts']}${V1['/proc/mounts']}` } },
    ['warning'],
  ],
  [
    cgroupVersion,
    'no memory in it',
    { files: { ...V2, '/sys/fs/cgroup/cgroup.controllers': 'cpu io pids\n' } },
    ['warning'],
  ],
  [cgroupVersion, 'in a container', { files: V1, facts: { '/.dockerenv': {} } }, ['not-applicable']],
  [cgroupVersion, 'closed', { files: { '/proc/mounts': null } }, ['unknown']],

  [unitWithoutLimit, 'limited', server([shop], { 'shop.service': { MemoryMax: mb(400) } }), ['ok']],
  [unitWithoutLimit, 'not limited', server([shop], { 'shop.service': {} }), ['warning']],
  [
    unitWithoutLimit,
    'limited by its slice',
    server([{ ...shop, cgroup: '/maque.slice/shop.service' }], {
      'shop.service': { ControlGroup: '/maque.slice/shop.service' },
      'maque.slice': { ControlGroup: '/maque.slice', MemoryMax: mb(700) },
    }),
    ['ok'],
  ],
  [
    unitWithoutLimit,
    'limited by systemd 219',
    server([shop], { 'shop.service': { MemoryMax: '', MemoryLimit: mb(400) } }),
    ['ok'],
  ],
  [
    unitWithoutLimit,
    'not limited, with systemd 219',
    server([shop], { 'shop.service': { MemoryMax: '', MemoryLimit: '18446744073709551615' } }),
    ['warning'],
  ],
  [unitWithoutLimit, 'small', server([nginx], { 'nginx.service': {} }), ['ok']],
  [
    unitWithoutLimit,
    'PM2 in a login',
    server([{ ...shop, cgroup: '/user.slice/user-0.slice/session-3.scope' }], {}),
    ['warning'],
  ],
  [unitWithoutLimit, 'no systemd', NO_SYSTEMD, ['not-applicable']],
  [unitWithoutLimit, 'no bus', NO_BUS, ['unknown']],

  [limitsOversold, 'they fit', server([], { 'a.service': { MemoryMax: mb(900) } }), ['ok']],
  [
    limitsOversold,
    'a little over',
    server([], { 'a.service': { MemoryMax: mb(1_000) }, 'b.service': { MemoryMax: mb(900) } }),
    ['warning'],
  ],
  [
    limitsOversold,
    'far over',
    server([], { 'a.service': { MemoryMax: mb(1_600) }, 'b.service': { MemoryMax: mb(900) } }),
    ['critical'],
  ],
  [
    limitsOversold,
    'what does not run does not count',
    server([], {
      'a.service': { MemoryMax: mb(900) },
      'b.service': { MemoryMax: mb(1_600), ActiveState: 'inactive', SubState: 'dead' },
    }),
    ['ok'],
  ],
  [
    limitsOversold,
    'a slice counts once for all in it',
    server([], {
      'maque.slice': { ControlGroup: '/maque.slice', SubState: 'active', MemoryMax: mb(1_000) },
      'a.service': { ControlGroup: '/maque.slice/a.service', MemoryMax: mb(900) },
      'b.service': { ControlGroup: '/maque.slice/b.service', MemoryMax: mb(900) },
    }),
    ['ok'],
  ],
  [
    limitsOversold,
    'half of the swap is room',
    server(
      [],
      { 'a.service': { MemoryMax: mb(1_000) }, 'b.service': { MemoryMax: mb(900) } },
      {
        '/proc/swaps': `Filename Type Size Used Priority\n/swapfile file ${1024 * 1024} 0 -2\n`,
      },
    ),
    ['ok'],
  ],
  [
    limitsOversold,
    'containers count too',
    server([], { 'a.service': { MemoryMax: mb(900) } }, {}, containers({ Memory: 1_000 * MiB })),
    ['warning'],
  ],
  [limitsOversold, 'no limits', server([], { 'a.service': {} }), ['not-applicable']],
  [limitsOversold, 'no bus', NO_BUS, ['unknown']],

  [memoryHigh, 'nine tenths', high(360), ['ok']],
  [memoryHigh, 'above the limit', high(400), ['warning']],
  [memoryHigh, 'far below', high(200), ['warning']],
  [memoryHigh, 'version 1', { ...high(200), files: V1 }, ['not-applicable']],
  [memoryHigh, 'not set', server([], { 'a.service': { MemoryMax: mb(400) } }), ['not-applicable']],
  [memoryHigh, 'no bus', NO_BUS, ['unknown']],

  [oomPolicy, 'continues', server([shop, shopWorker], { 'shop.service': { OOMPolicy: 'continue' } }), ['ok']],
  [oomPolicy, 'stops all', server([shop, shopWorker], { 'shop.service': {} }), ['warning']],
  [oomPolicy, 'one process', server([shop], { 'shop.service': {} }), ['not-applicable']],
  [
    oomPolicy,
    'systemd 219',
    server([shop, shopWorker], { 'shop.service': { OOMPolicy: '' } }),
    ['not-applicable'],
  ],
  [oomPolicy, 'no bus', NO_BUS, ['unknown']],

  [unitRestarts, 'always', restarting({ Restart: 'always' }), ['ok']],
  [unitRestarts, 'stays down', restarting({ Restart: 'no' }), ['warning']],
  [
    unitRestarts,
    'an init script of a panel',
    restarting({ Restart: 'no', Type: 'forking', SubState: 'exited', SourcePath: '/etc/init.d/nginx' }),
    ['warning'],
  ],
  [
    unitRestarts,
    'five times within the hour',
    restarting(
      { Restart: 'always', NRestarts: '40' },
      journal('shop.service: Scheduled restart job, restart counter is at 40.', 5),
    ),
    ['critical'],
  ],
  [
    unitRestarts,
    'five times within the hour, CentOS 7',
    restarting({ Restart: 'always' }, journal('shop.service holdoff time over, scheduling restart.', 5)),
    ['critical'],
  ],
  [
    unitRestarts,
    'twice, and each told of by two lines',
    restarting(
      { Restart: 'always' },
      journal(
        'shop.service: Service hold-off time over, scheduling restart.\nshop.service: Scheduled restart job, restart counter is at 2.',
        2,
      ),
    ),
    ['ok'],
  ],
  [
    unitRestarts,
    'the journal is closed, and it was just restarted for the 40th time',
    restarting(
      { Restart: 'always', NRestarts: '40', ActiveEnterTimestampMonotonic: '5000000000' },
      closedJournal(),
    ),
    ['warning'],
  ],
  [
    unitRestarts,
    'failed',
    restarting({ Restart: 'always', ActiveState: 'failed', SubState: 'failed', Result: 'oom-kill' }),
    ['critical'],
  ],
  [
    unitRestarts,
    'a script that returned 1',
    restarting({ Restart: 'always', ActiveState: 'failed', SubState: 'failed', Result: 'exit-code' }),
    ['ok'],
  ],
  [
    unitRestarts,
    'a script of the distribution',
    python('/usr/share/unattended-upgrades/unattended-upgrade-shutdown'),
    ['ok'],
  ],
  [unitRestarts, 'Gunicorn of the distribution', python('/usr/bin/gunicorn'), ['warning']],
  [unitRestarts, 'no bus', NO_BUS, ['unknown']],

  [fileLimits, 'many', server([shop, nginx], {}), ['ok']],
  [fileLimits, 'few', server([{ ...shop, openFiles: 1_024 }], {}), ['warning']],
  [
    fileLimits,
    'nginx may open fewer than its connections want',
    server(
      [{ ...nginx, openFiles: 1_024 }],
      {},
      { '/etc/nginx/nginx.conf': 'events {\n\tworker_connections 768;\n}\n' },
    ),
    ['warning'],
  ],
  [
    fileLimits,
    'nginx may open enough',
    server(
      [{ ...nginx, openFiles: 2_048 }],
      {},
      { '/etc/nginx/nginx.conf': 'events {\n\tworker_connections 768;\n}\n' },
    ),
    ['ok'],
  ],
  [fileLimits, 'no such service', server([{ pid: 3, comm: 'cron' }], {}), ['not-applicable']],
  [fileLimits, 'closed', server([{ ...shop, openFiles: null }], {}), ['unknown']],

  [taskLimits, 'few', server([], { 'shop.service': { TasksMax: '512', TasksCurrent: '40' } }), ['ok']],
  [
    taskLimits,
    'nearly all',
    server([], { 'shop.service': { TasksMax: '512', TasksCurrent: '480' } }),
    ['warning'],
  ],
  [
    taskLimits,
    'no limit',
    server([], { 'shop.service': { TasksMax: 'infinity', TasksCurrent: '[not set]' } }),
    ['not-applicable'],
  ],
  [taskLimits, 'no bus', NO_BUS, ['unknown']],

  [containerLimits, 'limited', { commands: containers({ Memory: 300 * MiB }) }, ['ok']],
  [containerLimits, 'not limited', { commands: containers({ Memory: 0 }) }, ['warning']],
  [containerLimits, 'killed at its limit', { commands: containers({ OOMKilled: true }) }, ['critical']],
  [
    containerLimits,
    'killed, and nobody says by whom',
    { commands: containers({ Running: false, ExitCode: 137 }) },
    ['warning'],
  ],
  [containerLimits, 'restarted again and again', { commands: containers({ RestartCount: 12 }) }, ['warning']],
  [
    containerLimits,
    'a log without a bound',
    { commands: containers({ LogConfig: { Type: 'json-file', Config: {} } }) },
    ['warning'],
  ],
  [containerLimits, 'none', { commands: { [docker(LIST_CONTAINERS)]: '' } }, ['ok']],
  [
    containerLimits,
    'the service does not run',
    { commands: { [docker(LIST_CONTAINERS)]: { code: 1, stderr: 'Cannot connect to the Docker daemon' } } },
    ['not-applicable'],
  ],
  [containerLimits, 'no Docker', {}, ['not-applicable']],
  [
    containerLimits,
    'no right to ask',
    {
      commands: {
        [docker(LIST_CONTAINERS)]: {
          code: 1,
          stderr: 'permission denied while trying to connect to the Docker daemon socket\n',
        },
      },
    },
    ['unknown'],
  ],

  [podLimits, 'limited', pod({ limits: '384Mi', requests: '256Mi', heap: 256 }), ['ok']],
  [podLimits, 'not limited', pod({}), ['warning', 'info']],
  [podLimits, 'the heap is too large', pod({ limits: '384Mi', requests: '256Mi', heap: 320 }), ['warning']],
  [podLimits, 'killed', pod({ limits: '384Mi', requests: '256Mi', reason: 'OOMKilled' }), ['critical']],
  [podLimits, 'no cluster', {}, ['not-applicable']],
  [
    podLimits,
    'nobody answers',
    { commands: { [`kubectl ${LIST_PODS.join(' ')}`]: { code: 1, stderr: 'connection refused' } } },
    ['not-applicable'],
  ],
  [
    podLimits,
    'no right to ask',
    {
      commands: { [`kubectl ${LIST_PODS.join(' ')}`]: { code: 1, stderr: 'Error from server (Forbidden)' } },
    },
    ['unknown'],
  ],
])('$name', (check, situation, recording, expected) => {
  it(`${situation}: ${expected.join(', ')}`, async () => {
    expect(kindsOf(await look(check, recording))).toEqual(expected);
  });
});

describe('what the doctor of units says', () => {
  it('adds to a unit in a file of its own, which systemctl edit does not overrule', async () => {
    const [outcome] = await look(oomPolicy, server([shop, shopWorker], { 'shop.service': {} }));
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    expect(repair?.path).toBe('/etc/systemd/system/shop.service.d/zz-maque-oom-policy.conf');
    expect(repair?.rewrite('anything')).toBe('[Service]\nOOMPolicy=continue\n');
    expect(repair?.apply).toEqual(['systemctl', 'daemon-reload']);
  });

  it('does not mend what only an init script can', async () => {
    const [outcome] = await look(
      unitRestarts,
      restarting({ Restart: 'no', SubState: 'exited', SourcePath: '/etc/init.d/nginx' }),
    );
    expect(outcome).not.toHaveProperty('repair');
  });

  it('finds the unit of a process on CentOS 7, where memory is accounted at the root', async () => {
    const sick = server(
      [shop],
      { 'shop.service': { MemoryMax: '', MemoryLimit: '18446744073709551615' } },
      {
        '/proc/900/cgroup': '11:memory:/\n4:cpuacct,cpu:/\n1:name=systemd:/system.slice/shop.service\n',
      },
    );
    const [outcome] = await look(unitWithoutLimit, sick);
    expect(outcome).toMatchObject({ data: { unit: 'shop.service' } });
  });

  it("counts what a user's own manager runs as that user's", async () => {
    const cgroup = '/user.slice/user-0.slice/user@0.service/app.slice/shop.service';
    const [outcome] = await look(unitWithoutLimit, server([{ ...shop, cgroup }], { 'user@0.service': {} }));
    expect(outcome).toMatchObject({ data: { unit: 'user@0.service' } });
  });

  it('leaves containers to the check of containers', async () => {
    const id = 'ab'.repeat(32);
    const inside = server([{ ...shop, cgroup: `/system.slice/docker-${id}.scope` }], {});
    expect(kindsOf(await look(unitWithoutLimit, inside))).toEqual(['ok']);
  });
});

function high(highMb: number): HostRecording {
  return server([], { 'a.service': { MemoryMax: mb(400), MemoryHigh: mb(highMb) } });
}

function restarting(
  properties: Readonly<Record<string, string>>,
  commands: HostRecording['commands'] = journal('', 1),
): HostRecording {
  return server([shop], { 'shop.service': properties }, { '/proc/uptime': '6000.00 1.0\n' }, commands);
}

function python(script: string): HostRecording {
  const executable = '/usr/bin/python3.11';
  const process = { ...shop, comm: 'python3', executable, commandLine: [executable, '-u', script] };
  return server([process], { 'shop.service': { Restart: 'no' } });
}

function journal(line: string, times: number): NonNullable<HostRecording['commands']> {
  return { [JOURNAL]: `Started Session 4 of User root.\n${`${line}\n`.repeat(times)}` };
}

function closedJournal(): NonNullable<HostRecording['commands']> {
  return { [JOURNAL]: { code: 1, stderr: 'No journal files were found.\n', stdout: '-- No entries --\n' } };
}

function docker(args: readonly string[]): string {
  return ['docker', ...args].join(' ');
}

/** One container that is well but for what is told. */
function containers(told: Readonly<Record<string, unknown>>): NonNullable<HostRecording['commands']> {
  const id = '0123456789abcdef'.repeat(4);
  const usual = {
    Id: id,
    Name: '/shop-redis-1',
    Running: true,
    OOMKilled: false,
    ExitCode: 0,
    RestartCount: 0,
    Memory: 300 * MiB,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
  };
  return {
    [docker(LIST_CONTAINERS)]: `${id}\n`,
    [docker(inspectArguments([id]))]: `${JSON.stringify({ ...usual, ...told })}\n`,
  };
}

interface ToldPod {
  readonly limits?: string;
  readonly requests?: string;
  readonly heap?: number;
  readonly reason?: string;
}

/** As `kubectl get pods --output=json` prints it, with a pod of the cluster itself beside it. */
function pod({ limits, requests, heap, reason }: ToldPod): HostRecording {
  const container = {
    name: 'app',
    image: 'shop:1',
    env: [
      { name: 'DATABASE_URL', value: 'mysql://shop:hunter2@db/shop' },
      { name: 'NODE_OPTIONS', value: heap === undefined ? '' : `--max-old-space-size=${heap}` },
    ],
    resources: {
      ...(limits === undefined ? {} : { limits: { memory: limits, cpu: '500m' } }),
      ...(requests === undefined ? {} : { requests: { memory: requests } }),
    },
  };
  const lastState = reason === undefined ? {} : { terminated: { exitCode: 137, reason } };
  const items = [
    {
      metadata: { namespace: 'default', name: 'shop-6b5f7' },
      spec: { containers: [container] },
      status: { containerStatuses: [{ name: 'app', restartCount: 1, lastState, state: { running: {} } }] },
    },
    {
      metadata: { namespace: 'kube-system', name: 'coredns-1' },
      spec: { containers: [{ name: 'coredns', resources: {} }] },
      status: {},
    },
  ];
  return {
    commands: {
      [`kubectl ${LIST_PODS.join(' ')}`]: JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }),
    },
  };
}
