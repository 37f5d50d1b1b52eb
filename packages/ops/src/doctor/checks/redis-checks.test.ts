import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check, Outcome } from '../check.ts';
import { Patient } from '../patient.ts';
import { redisClients } from './redis-clients.ts';
import { redisExposure } from './redis-exposure.ts';
import { redisForkHeadroom } from './redis-fork-headroom.ts';
import { redisFragmentation } from './redis-fragmentation.ts';
import { redisMaxmemory } from './redis-maxmemory.ts';
import { redisPolicy } from './redis-policy.ts';

const SECRET = 'geheim-77b0';
const BOX = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/net/tcp': listening('0100007F'),
};
/** On Debian the program's file is that to which redis-server is a link; its words give way to its title. */
const redis: RecordedProcess = {
  pid: 700,
  executable: '/usr/bin/redis-check-rdb',
  comm: 'redis-server',
  commandLine: ['/usr/bin/redis-server 127.0.0.1:6379', '', ''],
  cgroup: '/system.slice/redis-server.service',
  rssMb: 12,
};
const app: RecordedProcess = { pid: 900, executable: '/usr/bin/node', cgroup: '/system.slice/shop.service' };
const DOOR = 'redis-cli -h 127.0.0.1 -p 6379';

function listening(address: string): string {
  return `  sl  local_address rem_address   st\n   0: ${address}:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 15060 1 0 100 0 0 10 0\n`;
}

interface Said {
  readonly settings?: Readonly<Record<string, string>>;
  readonly info?: Readonly<Record<string, string | number>>;
  readonly keys?: readonly string[];
}

/** As Redis 7.0.15 answers what is put into its client's input. */
function words({ settings = {}, info = {}, keys = [] }: Said): string {
  const all = {
    maxmemory: '0',
    'maxmemory-policy': 'noeviction',
    save: '',
    appendonly: 'no',
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    activedefrag: 'no',
    port: '6379',
    ...settings,
  };
  const figures = {
    redis_version: '7.0.15',
    used_memory: 964_016,
    used_memory_rss: 11_927_552,
    used_memory_peak: 1_103_344,
    mem_fragmentation_ratio: '12.48',
    connected_clients: 4,
    ...info,
  };
  const told = Object.entries(all).map(([name, value]) => `${name}\n${value}\n`);
  const lines = Object.entries(figures).map(([name, value]) => `${name}:${value}\r\n`);
  return `${told.join('')}# Server\r\n${lines.join('')}0\n${keys.map((key) => `${key}\n`).join('')}\n`;
}

function host(processes: readonly RecordedProcess[], more: HostRecording = {}): HostRecording {
  const { files, links } = recordedProcesses(processes);
  return { ...more, files: { ...BOX, ...files, ...more.files }, links };
}

const asked = (said: Said = {}, more: HostRecording = {}) =>
  host([redis, app], { ...more, commands: { [DOOR]: words(said) } });
/** It wants a password, and this is its file. */
const refused = (text: string | null, more: HostRecording = {}) =>
  host([redis, app], {
    ...more,
    files: { '/etc/redis/redis.conf': text, ...more.files },
    commands: { [DOOR]: 'NOAUTH Authentication required.\n\nNOAUTH Authentication required.\n\n' },
  });
const LIMIT = { maxmemory: String(128 * MiB) };
const CACHE = { db0: 'keys=1000,expires=990,avg_ttl=100' };
const NOTHING = host([app]);
const CLOSED = refused(null);
const OPEN = { '/proc/net/tcp': listening('00000000') };
const LARGE = { used_memory: 600 * MiB, used_memory_rss: 620 * MiB, mem_fragmentation_ratio: '1.03' };
const swapped = (kb: number): RecordedProcess => ({ ...redis, status: `VmSwap:\t${kb} kB\n` });

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [redisMaxmemory, 'a limit', asked({ settings: LIMIT }), ['ok']],
  [redisMaxmemory, 'none, beside an app', asked(), ['critical']],
  [redisMaxmemory, 'none, alone', host([redis], { commands: { [DOOR]: words({}) } }), ['warning']],
  [redisMaxmemory, 'a limit, of its file', refused(`maxmemory 128mb\nrequirepass ${SECRET}\n`), ['ok']],
  [redisMaxmemory, 'none, of its file', refused(`requirepass ${SECRET}\n`), ['critical']],
  [redisMaxmemory, 'its file is closed', CLOSED, ['unknown']],
  [redisMaxmemory, 'none runs', NOTHING, ['not-applicable']],
  [
    redisMaxmemory,
    'a sentinel',
    host([{ ...redis, commandLine: ['/usr/bin/redis-sentinel *:26379 [sentinel]'] }]),
    ['not-applicable'],
  ],

  [
    redisPolicy,
    'jobs, and nothing is removed',
    asked({ settings: LIMIT, info: { cmdstat_bzpopmin: 'calls=9,usec=1' } }),
    ['ok'],
  ],
  [
    redisPolicy,
    'jobs that may vanish',
    asked({
      settings: { ...LIMIT, 'maxmemory-policy': 'allkeys-lru' },
      info: { cmdstat_bzpopmin: 'calls=9,usec=70,usec_per_call=70.00' },
    }),
    ['critical'],
  ],
  [
    redisPolicy,
    'jobs of an idle queue',
    asked({ settings: { 'maxmemory-policy': 'allkeys-lru' }, keys: ['bull:mail:meta'] }),
    ['critical'],
  ],
  [
    redisPolicy,
    'sessions that may vanish',
    asked({ settings: { 'maxmemory-policy': 'allkeys-lfu' }, keys: ['a', `sess:${SECRET}`] }),
    ['critical'],
  ],
  [
    redisPolicy,
    'a cache that gives way',
    asked({ settings: { ...LIMIT, 'maxmemory-policy': 'allkeys-lru' }, info: CACHE }),
    ['ok'],
  ],
  [redisPolicy, 'a cache that refuses', asked({ settings: LIMIT, info: CACHE }), ['warning']],
  [redisPolicy, 'a cache without a limit', asked({ info: CACHE }), ['ok']],
  [
    redisPolicy,
    'what is in it is not told',
    refused('maxmemory 128mb\nmaxmemory-policy allkeys-lru\n'),
    ['unknown'],
  ],
  [redisPolicy, 'its file is closed', CLOSED, ['unknown']],

  [redisForkHeadroom, 'no snapshots', asked({ info: { used_memory_rss: 3_000 * MiB } }), ['ok']],
  [redisForkHeadroom, 'snapshots, with room', asked({ settings: { save: '3600 1' } }), ['ok']],
  [
    redisForkHeadroom,
    'a log, without room',
    asked({ settings: { appendonly: 'yes' }, info: { used_memory_rss: 1_900 * MiB } }),
    ['warning'],
  ],
  [redisForkHeadroom, 'snapshots taken away, in its file', refused('save 900 1\nsave ""\n'), ['ok']],
  [redisForkHeadroom, 'its file is closed', CLOSED, ['unknown']],
  [redisForkHeadroom, 'no memory is told', asked({}, { files: { '/proc/meminfo': null } }), ['unknown']],

  [redisFragmentation, 'few data', asked(), ['ok']],
  [redisFragmentation, 'many data, close together', asked({ info: LARGE }), ['ok']],
  [
    redisFragmentation,
    'full of holes',
    asked({ info: { ...LARGE, mem_fragmentation_ratio: '1.9' } }),
    ['warning'],
  ],
  [
    redisFragmentation,
    'in swap',
    host([swapped(90_000)], {
      commands: { [DOOR]: words({ info: { ...LARGE, mem_fragmentation_ratio: '0.8' } }) },
    }),
    ['critical'],
  ],
  [
    redisFragmentation,
    'never touched, and nothing is in swap',
    host([swapped(0)], {
      commands: { [DOOR]: words({ info: { ...LARGE, mem_fragmentation_ratio: '0.9' } }) },
    }),
    ['ok'],
  ],
  [redisFragmentation, 'it says nothing', CLOSED, ['unknown']],

  [redisClients, 'a few', asked(), ['ok']],
  [redisClients, 'many', asked({ info: { connected_clients: 900 } }), ['info']],
  [redisClients, 'it says nothing', CLOSED, ['unknown']],

  [redisExposure, 'this box alone', asked(), ['ok']],
  [
    redisExposure,
    'open, unprotected',
    asked({ settings: { 'protected-mode': 'no', bind: '0.0.0.0' } }, { files: OPEN }),
    ['critical'],
  ],
  [
    redisExposure,
    'open, protected by Redis 7',
    asked({ settings: { bind: '0.0.0.0' } }, { files: OPEN }),
    ['warning'],
  ],
  [
    redisExposure,
    'open, and its address turned the protection of Redis 5 off',
    asked({ settings: { bind: '0.0.0.0' }, info: { redis_version: '5.0.7' } }, { files: OPEN }),
    ['critical'],
  ],
  [
    redisExposure,
    'open, with a password',
    refused(`requirepass "${SECRET}"\n`, { files: OPEN }),
    ['warning'],
  ],
  [redisExposure, 'nobody tells who listens', asked({}, { files: { '/proc/net/tcp': null } }), ['unknown']],
  [redisExposure, 'open, and nothing tells of a password', host([redis], { files: OPEN }), ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${check.id}: ${situation}`, async () => {
    const outcomes = await look(check, recording);
    expect(kindsOf(outcomes)).toEqual(expected);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });
});

function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

it('gets into a container by the port that Docker publishes, and finds what 1Panel mounts', async () => {
  const inside = { ...redis, commandLine: ['redis-server *:6379'], cgroup: `/docker/${'cd'.repeat(32)}` };
  const proxy = (address: string) => ({
    pid: 710,
    executable: '/usr/bin/docker-proxy',
    commandLine:
      `docker-proxy -proto tcp -host-ip ${address} -host-port 6380 -container-ip 172.18.0.3 -container-port 6379`.split(
        ' ',
      ),
  });
  const answer = {
    'redis-cli -h 127.0.0.1 -p 6380': words({ settings: { 'protected-mode': 'no', bind: '* -::*' } }),
  };
  const all = host([inside, proxy('0.0.0.0')], { commands: answer });
  expect(await look(redisExposure, all)).toMatchObject([
    { severity: 'critical', data: { addresses: '0.0.0.0:6380' } },
  ]);
  const panel = '/opt/1panel/apps/redis/redis/conf/redis.conf';
  const mounted = host([inside], { files: { [panel]: `maxmemory 0\nrequirepass ${SECRET}\n` } });
  expect(await look(redisMaxmemory, mounted)).toMatchObject([{ evidence: expect.stringContaining(panel) }]);
  expect(kindsOf(await look(redisExposure, mounted))).toEqual(['ok']);
});

it('calls a server by its socket where it has no port', async () => {
  const bySocket = { ...redis, commandLine: ['redis-server unixsocket:/run/redis/shop.sock'] };
  const recording = host([bySocket], { commands: { 'redis-cli -s /run/redis/shop.sock': words({}) } });
  const [outcome] = await look(redisMaxmemory, recording);
  expect(outcome).toMatchObject({
    fix: [{}, { lines: ['redis-cli -s /run/redis/shop.sock CONFIG SET maxmemory 64mb'] }],
  });
  expect(kindsOf(await look(redisExposure, recording))).toEqual(['ok']);
});
