import { GiB, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  app,
  BOX,
  closed,
  host,
  kindsOf,
  look,
  NOTHING,
  SECRET,
  UNIT,
} from '../../../testing/node-recordings.ts';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check } from '../check.ts';
import { nodeHeapTooBig } from './node-heap-too-big.ts';
import { nodeHeapUnset } from './node-heap-unset.ts';
import { nodeProcesses } from './node-processes.ts';
import { nodeSemiSpace } from './node-semi-space.ts';
import { pm2Instances } from './pm2-instances.ts';
import { pm2RestartLimit } from './pm2-restart-limit.ts';

const limited = (bytes: number) => ({ [`/sys/fs/cgroup${UNIT}/memory.max`]: `${bytes}\n` });

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

const BLIND: HostRecording = { files: { ...BOX, '/proc/meminfo': null } };

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
  [nodeProcesses, 'in a /proc that is closed', { files: { '/proc': null } }, ['unknown']],
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
