import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import {
  containers,
  kindsOf,
  look,
  NO_BUS,
  nginx,
  restarting,
  SHOW,
  server,
  shop,
  shopWorker,
  V2,
} from '../../../testing/unit-recordings.ts';
import type { Check } from '../check.ts';
import { cgroupVersion } from './cgroup-version.ts';
import { fileLimits } from './file-limits.ts';
import { limitsOversold } from './limits-oversold.ts';
import { memoryHigh } from './memory-high.ts';
import { oomPolicy } from './oom-policy.ts';
import { taskLimits } from './task-limits.ts';
import { unitRestarts } from './unit-restarts.ts';
import { unitWithoutLimit } from './unit-without-limit.ts';

const NO_SYSTEMD: HostRecording = {
  commands: {
    [SHOW]: {
      code: 1,
      stderr:
        "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    },
  },
};

const V1 = {
  '/proc/mounts': 'cgroup /sys/fs/cgroup/memory cgroup rw,nosuid,nodev,noexec,relatime,memory 0 0\n',
};

const mb = (count: number) => String(count * MiB);

function high(highMb: number): HostRecording {
  return server([], { 'a.service': { MemoryMax: mb(400), MemoryHigh: mb(highMb) } });
}

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
  // 1,960 MB, of which 1,060 are in use: 1,000 of them by who has a limit.
  [
    limitsOversold,
    'a system that takes less than is assumed',
    server([{ ...shop, rssMb: 1_000 }], { 'shop.service': { MemoryMax: mb(1_850) } }),
    ['ok'],
  ],
  [
    limitsOversold,
    'a system of which nobody knows how much it takes',
    server(
      [{ ...shop, rssMb: 1_000 }],
      { 'shop.service': { MemoryMax: mb(1_850) } },
      { '/proc/900/smaps_rollup': null },
    ),
    ['warning'],
  ],
  [
    limitsOversold,
    'what has no limit belongs to the system',
    server(
      [
        { ...shop, rssMb: 500 },
        { ...nginx, rssMb: 500 },
      ],
      { 'shop.service': { MemoryMax: mb(1_850) } },
    ),
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
});
