import { GiB, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check, Outcome } from '../check.ts';
import { Patient } from '../patient.ts';
import { heapAlertRule } from './heap-alert-rule.ts';
import { nodeDevelopmentMode } from './node-development-mode.ts';
import { nodeHeapTooBig } from './node-heap-too-big.ts';
import { nodeHeapUnset } from './node-heap-unset.ts';
import { nodeProcesses } from './node-processes.ts';
import { nodeRelease } from './node-release.ts';
import { nodeSemiSpace } from './node-semi-space.ts';
import { pm2Instances } from './pm2-instances.ts';
import { pm2RestartLimit } from './pm2-restart-limit.ts';
import { websocketDeflate } from './websocket-deflate.ts';

const UNIT = '/system.slice/shop.service';
const SECRET = 'geheim-8d2f';
const BOX = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  '/proc/stat': 'cpu  1 2 3 4\ncpu0 1 2 3 4\ncpu1 1 2 3 4\nintr 5\n',
  '/usr/include/node/node_version.h':
    '#define NODE_MAJOR_VERSION 24\n#define NODE_MINOR_VERSION 21\n#define NODE_PATCH_VERSION 0\n',
};
const limited = (bytes: number) => ({ [`/sys/fs/cgroup${UNIT}/memory.max`]: `${bytes}\n` });

/** `node FLAGS /srv/shop/main.js` in a unit. */
function app(flags: readonly string[] = [], more: Partial<RecordedProcess> = {}): RecordedProcess {
  return {
    pid: 900,
    executable: '/usr/bin/node',
    comm: 'MainThread',
    commandLine: ['/usr/bin/node', ...flags, '/srv/shop/main.js', `--token=${SECRET}`],
    environment: { NODE_ENV: 'production', DB_PASSWORD: SECRET },
    cgroup: UNIT,
    rssMb: 150,
    ...more,
  };
}

/** As PM2 7 starts workers in cluster mode: the title takes the command line's place, the rest is a line of JSON. */
function clustered(pid: number, more: Readonly<Record<string, unknown>> = {}): RecordedProcess {
  const env = { name: 'shop', exec_mode: 'cluster_mode', node_args: [], NODE_ENV: 'production', ...more };
  return app([], {
    pid,
    comm: 'node /srv/shop/',
    commandLine: ['node /srv/shop/main.js'],
    environment: { PM2_HOME: '/root/.pm2', pm2_env: JSON.stringify({ ...env, DB_PASSWORD: SECRET }) },
    cgroup: '/system.slice/pm2-root.service',
  });
}

const daemon = app([], {
  pid: 800,
  comm: 'PM2 v7.0.4: God',
  commandLine: ['PM2 v7.0.4: God Daemon (/root/.pm2)'],
  cgroup: '/system.slice/pm2-root.service',
});
const database = { pid: 600, executable: '/usr/sbin/mariadbd', cgroup: '/system.slice/mariadb.service' };

function host(processes: readonly RecordedProcess[], more: HostRecording = {}): HostRecording {
  const { files, links } = recordedProcesses(processes);
  return { ...more, files: { ...BOX, ...files, ...more.files }, links: { ...links, ...more.links } };
}

/** As somebody sees it who is not root. */
function closed(process: RecordedProcess, more: HostRecording = {}): HostRecording {
  const { pid } = process;
  const denied = { [`/proc/${pid}/environ`]: null };
  const links = { [`/proc/${pid}/exe`]: null, [`/proc/${pid}/cwd`]: null };
  return host([process], {
    ...more,
    files: { '/usr/include/node/node_version.h': null, ...denied, ...more.files },
    links: { ...links, ...more.links },
  });
}

function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

function code(text: string, more: HostRecording = {}): HostRecording {
  return host([app()], {
    ...more,
    files: { '/srv/shop/src/live.js': text, ...more.files },
    links: { '/proc/900/cwd': '/srv/shop', ...more.links },
  });
}

/** Connections that others made to port 8080, as the kernel lists them, all held by process 900. */
function connections(count: number): HostRecording {
  const row = (state: string, inode: number) =>
    `   0: 0100007F:1F90 0100007F:9F6A ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 20 4 30 10 -1`;
  const inodes = Array.from({ length: count }, (_, index) => 1_000 + index);
  const rows = [row('0A', 999), ...inodes.map((inode) => row('01', inode))];
  return {
    files: { '/proc/900/net/tcp': `  sl  local_address rem_address   st\n${rows.join('\n')}\n` },
    links: Object.fromEntries(
      [999, ...inodes].map((inode) => [`/proc/900/fd/${inode}`, `socket:[${inode}]`]),
    ),
  };
}

const NOTHING: HostRecording = { files: { '/proc/1/status': 'Name:\tinit\n', '/proc/1/cmdline': 'init\0' } };
const BLIND: HostRecording = { files: { ...BOX, '/proc/meminfo': null } };
const WS = "import { WebSocketServer } from 'ws';\n";
const RULES = '/etc/prometheus/rules/node.yml';

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [nodeProcesses, 'in a unit, whatever it calls itself', host([app()]), ['ok']],
  [
    nodeProcesses,
    'from a terminal',
    host([app([], { cgroup: '/user.slice/user-0.slice/session-3.scope' })]),
    ['info'],
  ],
  [nodeProcesses, 'without root', closed(app()), ['ok']],
  [nodeProcesses, 'there is none', NOTHING, ['not-applicable']],
  [
    nodeProcesses,
    'an exporter whose name begins alike',
    host([{ pid: 5, executable: '/usr/bin/node_exporter' }]),
    ['not-applicable'],
  ],

  [nodeHeapUnset, 'with a limit', host([app(['--max-old-space-size=256'])]), ['ok']],
  [
    nodeHeapUnset,
    'with a limit in NODE_OPTIONS',
    host([app([], { environment: { NODE_OPTIONS: '--max_old_space_size=256' } })]),
    ['ok'],
  ],
  [
    nodeHeapUnset,
    'given to the script and not to Node',
    host([app([], { commandLine: ['node', 'main.js', '--max-old-space-size=256'] })]),
    ['warning'],
  ],
  [nodeHeapUnset, 'one process without', host([app()]), ['warning']],
  [
    nodeHeapUnset,
    'two processes of PM2 without',
    host([daemon, clustered(901), clustered(902)]),
    ['critical'],
  ],
  [
    nodeHeapUnset,
    'options that a worker of PM2 gets too late',
    host([clustered(901, { NODE_OPTIONS: '--max-old-space-size=128' })]),
    ['warning'],
  ],
  [
    nodeHeapUnset,
    'workers of PM2 with a limit',
    host([daemon, clustered(901, { node_args: ['--max-old-space-size=128'] })]),
    ['ok'],
  ],
  [nodeHeapUnset, 'without root', closed(app()), ['unknown']],
  [
    nodeHeapUnset,
    'no memory is told',
    { files: { ...host([app()]).files, '/proc/meminfo': null } },
    ['unknown'],
  ],
  [
    nodeHeapUnset,
    'only a keeper and a tool',
    host([
      app([], { commandLine: ['node', '/usr/bin/maque', 'start'] }),
      app([], { pid: 901, commandLine: ['npm run start'] }),
    ]),
    ['not-applicable'],
  ],

  [
    nodeHeapTooBig,
    'fits its unit',
    host([app(['--max-old-space-size=128', '--max-semi-space-size=4'])], { files: limited(256 * MiB) }),
    ['ok'],
  ],
  [
    nodeHeapTooBig,
    'does not fit its unit',
    host([app(['--max-old-space-size=256'])], { files: limited(256 * MiB) }),
    ['critical'],
  ],
  [
    nodeHeapTooBig,
    'a slice above is smaller',
    host([app(['--max-old-space-size=256', '--max-semi-space-size=8'])], {
      files: { ...limited(GiB), '/sys/fs/cgroup/system.slice/memory.max': `${300 * MiB}\n` },
    }),
    ['critical'],
  ],
  [
    nodeHeapTooBig,
    'the tutorial: two of 1536 on 2 GB',
    host([
      clustered(901, { node_args: ['--max-old-space-size=1536'] }),
      clustered(902, { node_args: ['--max-old-space-size=1536'] }),
    ]),
    ['critical'],
  ],
  [nodeHeapTooBig, 'no limit was set', host([app()]), ['not-applicable']],
  [
    nodeHeapTooBig,
    'no memory is told',
    { files: { ...host([app()]).files, '/proc/meminfo': null } },
    ['unknown'],
  ],

  [nodeSemiSpace, 'set', host([app(['--max-old-space-size=128', '--max-semi-space-size=4'])]), ['ok']],
  [nodeSemiSpace, 'left to V8 beside a small heap', host([app(['--max-old-space-size=128'])]), ['warning']],
  [nodeSemiSpace, 'left to V8 beside a larger one', host([app(['--max-old-space-size=512'])]), ['info']],
  [
    nodeSemiSpace,
    'left to an old V8',
    host([app(['--max-old-space-size=128'], { executable: '/root/.nvm/versions/node/v20.11.0/bin/node' })]),
    ['ok'],
  ],
  [nodeSemiSpace, 'without root', closed(app(['--max-old-space-size=128'])), ['unknown']],

  [
    pm2RestartLimit,
    'above what it needs and below what there is',
    host([
      daemon,
      clustered(901, {
        node_args: ['--max-old-space-size=128', '--max-semi-space-size=4'],
        max_memory_restart: 210 * MiB,
      }),
    ]),
    ['ok'],
  ],
  [
    pm2RestartLimit,
    'never reached',
    host([daemon, clustered(901, { max_memory_restart: '1600M' })]),
    ['warning'],
  ],
  [
    pm2RestartLimit,
    'below a healthy process',
    host([
      daemon,
      clustered(901, { node_args: ['--max-old-space-size=256'], max_memory_restart: 200 * MiB }),
    ]),
    ['warning'],
  ],
  [pm2RestartLimit, 'none', host([daemon, clustered(901)]), ['info']],
  [pm2RestartLimit, 'without PM2', host([app()]), ['not-applicable']],
  [
    pm2RestartLimit,
    'without root',
    {
      ...host([daemon, clustered(901)]),
      files: { ...host([daemon, clustered(901)]).files, '/proc/901/environ': null },
    },
    ['unknown'],
  ],

  [pm2Instances, 'one for two cores', host([daemon, clustered(901), database]), ['ok']],
  [
    pm2Instances,
    'none left for the database',
    host([daemon, clustered(901), clustered(902), database]),
    ['warning'],
  ],
  [pm2Instances, 'one a core, and nothing else', host([daemon, clustered(901), clustered(902)]), ['ok']],
  [
    pm2Instances,
    'more than cores',
    host([daemon, clustered(901), clustered(902), clustered(903)]),
    ['warning'],
  ],
  [
    pm2Instances,
    'only the dump tells',
    host([daemon], { files: { '/root/.pm2/dump.pm2': JSON.stringify(Array(3).fill({ name: 'shop' })) } }),
    ['warning'],
  ],
  [
    pm2Instances,
    'the dump is closed',
    host([daemon], { files: { '/root/.pm2/dump.pm2': null } }),
    ['unknown'],
  ],

  [nodeRelease, 'looked after', host([app()]), ['ok']],
  [nodeRelease, 'over', host([app([], { executable: '/www/server/nodejs/v16.20.2/bin/node' })]), ['warning']],
  [
    nodeRelease,
    'ends soon',
    host([app([], { executable: '/root/.nvm/versions/node/v20.11.0/bin/node' })], {
      nowMs: Date.UTC(2026, 3, 1),
    }),
    ['info'],
  ],
  [
    nodeRelease,
    'newer than this list',
    host([app([], { executable: '/opt/node-v31.0.0-linux-x64/bin/node' })]),
    ['ok'],
  ],
  [
    nodeRelease,
    'an image',
    host([app([], { cgroup: `/docker/${'ab'.repeat(32)}`, environment: { NODE_VERSION: '18.20.4' } })]),
    ['warning'],
  ],
  [
    nodeRelease,
    'asked, as only root may change it',
    host([app([], { executable: '/opt/node' })], {
      files: { '/opt/node': '' },
      commands: { '/opt/node --version': 'v14.21.3\n' },
    }),
    ['warning'],
  ],
  [
    nodeRelease,
    'not asked, as others may change it',
    host([app([], { executable: '/opt/node' })], {
      files: { '/opt/node': '' },
      facts: { '/opt/node': { uid: 1000 } },
      commands: { '/opt/node --version': 'v14.21.3\n' },
    }),
    ['unknown'],
  ],
  [nodeRelease, 'without root', closed(app()), ['unknown']],

  [nodeDevelopmentMode, 'production', host([app()]), ['ok']],
  [
    nodeDevelopmentMode,
    'keeper lets its workers be inspected later',
    host([app(['--inspect-port=127.0.0.1:0'])]),
    ['ok'],
  ],
  [
    nodeDevelopmentMode,
    'NODE_ENV says so',
    host([app([], { environment: { NODE_ENV: 'development' } })]),
    ['warning'],
  ],
  [
    nodeDevelopmentMode,
    'a watcher',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/.bin/nodemon', 'main.js'] })]),
    ['warning'],
  ],
  [
    nodeDevelopmentMode,
    'tsx watch',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/tsx/dist/cli.mjs', 'watch', 'main.ts'] })]),
    ['warning'],
  ],
  [nodeDevelopmentMode, 'a compiler that is loaded', host([app(['-r', 'ts-node/register'])]), ['warning']],
  [
    nodeDevelopmentMode,
    'next dev',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/.bin/next', 'dev'] })]),
    ['warning'],
  ],
  [
    nodeDevelopmentMode,
    'next start',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/.bin/next', 'start'] })]),
    ['ok'],
  ],
  [nodeDevelopmentMode, 'an inspector for all', host([app(['--inspect=0.0.0.0'])]), ['critical', 'ok']],
  [
    nodeDevelopmentMode,
    'an inspector for all of IPv6',
    host([app(['--inspect=[::]:9229'])]),
    ['critical', 'ok'],
  ],
  [nodeDevelopmentMode, 'an inspector for this box', host([app(['--inspect'])]), ['warning', 'ok']],
  [nodeDevelopmentMode, 'without root', closed(app()), ['unknown']],

  [heapAlertRule, 'no rule and no code', NOTHING, ['not-applicable']],
  [
    heapAlertRule,
    'a rule on the limit',
    host([app()], { files: { [RULES]: 'expr: maque_heap_floor_bytes / maque_heap_limit_bytes > 0.8\n' } }),
    ['ok'],
  ],
  [
    heapAlertRule,
    'a rule on the total',
    host([app()], {
      files: { [RULES]: 'expr: nodejs_heap_size_used_bytes{job="a"} / nodejs_heap_size_total_bytes > 0.8\n' },
    }),
    ['warning'],
  ],
  [
    heapAlertRule,
    'code',
    code('const m = process.memoryUsage();\nif (m.heapUsed / m.heapTotal > 0.8) warn();\n'),
    ['warning'],
  ],
  [heapAlertRule, 'a comment', code('// heapUsed / heapTotal says nothing\n'), ['ok']],
  [heapAlertRule, 'rules are closed', host([app()], { files: { [RULES]: null } }), ['unknown']],
  [heapAlertRule, 'without root', closed(app()), ['unknown']],

  [websocketDeflate, 'off', code(`${WS}new WebSocketServer({ perMessageDeflate: false });\n`), ['ok']],
  [
    websocketDeflate,
    'on, for a few',
    code(`${WS}new WebSocketServer({ perMessageDeflate: true });\n`, connections(3)),
    ['ok'],
  ],
  [
    websocketDeflate,
    'on, for many',
    code(`${WS}new WebSocketServer({ perMessageDeflate: {} });\n`, connections(501)),
    ['warning'],
  ],
  [
    websocketDeflate,
    'the library in a bundle',
    code("const NAME = 'permessage-deflate';\nconst o = { perMessageDeflate: true };\n", connections(501)),
    ['not-applicable'],
  ],
  [
    websocketDeflate,
    'on, and who is connected is closed',
    code(`${WS}new WebSocketServer({ perMessageDeflate: true });\n`),
    ['unknown'],
  ],
  [websocketDeflate, 'no sockets', code('export const one = 1;\n'), ['not-applicable']],
  [websocketDeflate, 'without root', closed(app()), ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${check.id}: ${situation}`, async () => {
    const outcomes = await look(check, recording);
    expect(kindsOf(outcomes)).toEqual(expected);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });
});

it('says nothing of what is unreadable as if it were fine', async () => {
  for (const check of [nodeHeapUnset, nodeHeapTooBig, nodeSemiSpace]) {
    const recording = {
      files: { ...recordedProcesses([app()]).files, ...BLIND.files },
      links: host([app()]).links ?? {},
    };
    expect(kindsOf(await look(check, recording))).toEqual(['unknown']);
  }
});

it('advises limits that fit into the unit, by the flags of the place where they are written', async () => {
  const [outcome] = await look(
    nodeHeapTooBig,
    host([app(['--max-old-space-size=1536'])], { files: limited(400 * MiB) }),
  );
  expect(outcome).toMatchObject({
    data: { name: 'shop.service', count: 1, sum: '1.59 GiB', room: '400 MiB' },
    fix: [
      {
        lines: ['[Service]', 'Environment="NODE_OPTIONS=--max-old-space-size=267 --max-semi-space-size=16"'],
      },
    ],
  });
});

it('takes flags of a fork from the dump of PM2, as its title hides them', async () => {
  const fork = app([], {
    commandLine: ['node /srv/shop/main.js'],
    environment: { pm_id: '1', name: 'fork', exec_mode: 'fork_mode', NODE_ENV: 'production' },
  });
  const dump = JSON.stringify([{ name: 'fork', node_args: ['--max-old-space-size=100'] }]);
  const files = { '/root/.pm2/dump.pm2': dump };
  expect(kindsOf(await look(nodeHeapUnset, host([fork], { files })))).toEqual(['ok']);
  expect(kindsOf(await look(nodeHeapUnset, host([fork])))).toEqual(['unknown']);
});
