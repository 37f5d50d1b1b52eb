import { GiB, MiB, systemClock } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { HostRecording } from '../../testing/recorded-host.ts';
import { recordedHost } from '../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../testing/recorded-process.ts';
import { recordedUnits } from '../../testing/recorded-units.ts';
import { checks } from './check-list.ts';
import { findingsOf } from './examination.ts';
import { examine } from './examine.ts';
import { Patient } from './patient.ts';
import { examinationJson } from './report/examination-json.ts';
import { examinationMarkdown } from './report/examination-markdown.ts';
import { formatExamination } from './report/format-examination.ts';

// A server of 2 GiB set up as tutorials say: `pm2 start -i max --max-memory-restart 1600M --node-args=--max-old-space-size=1536`,
// MySQL and Redis open to everybody and as they come, no swap, no limits, and everything on debug.
const SECRET = 'hunter2-is-no-password';
const PM2_UNIT = 'pm2-root.service';
const pm2Env = JSON.stringify({
  name: 'shop',
  exec_mode: 'cluster_mode',
  instances: 2,
  max_memory_restart: 1_600 * MiB,
  node_args: ['--max-old-space-size=1536', '--inspect=0.0.0.0:9229'],
  DB_PASSWORD: SECRET,
});
const worker = (pid: number): RecordedProcess => ({
  pid,
  parent: 800,
  comm: 'node /srv/shop/',
  executable: '/root/.nvm/versions/node/v16.20.2/bin/node',
  commandLine: ['node /srv/shop/server.js '],
  environment: {
    pm_id: String(pid - 801),
    name: 'shop',
    exec_mode: 'cluster_mode',
    pm2_env: pm2Env,
    NODE_ENV: 'production',
    LOG_LEVEL: 'debug',
    DB_PASSWORD: SECRET,
    DATABASE_URL: `mysql://root:${SECRET}@127.0.0.1/shop`,
  },
  cgroup: `/system.slice/${PM2_UNIT}`,
  rssMb: 380,
  openFiles: 1_024,
});
const processes: readonly RecordedProcess[] = [
  { pid: 400, executable: '/usr/sbin/sshd', cgroup: '/system.slice/ssh.service', oomScoreAdj: 0 },
  {
    pid: 600,
    executable: '/usr/sbin/mysqld',
    cgroup: '/system.slice/mysql.service',
    rssMb: 480,
    oomScore: 900,
    openFiles: 10_000,
  },
  {
    pid: 700,
    executable: '/usr/bin/redis-server',
    commandLine: ['/usr/bin/redis-server *:6379'],
    cgroup: '/system.slice/redis-server.service',
    rssMb: 120,
  },
  {
    pid: 800,
    executable: '/root/.nvm/versions/node/v16.20.2/bin/node',
    commandLine: ['PM2 v5.4.2: God Daemon (/root/.pm2)'],
    cgroup: `/system.slice/${PM2_UNIT}`,
    rssMb: 60,
  },
  worker(801),
  worker(802),
];
const { files, links } = recordedProcesses(processes);
const listening = (port: number, inode: number) =>
  `   0: 00000000:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
const tutorialServer: HostRecording = {
  files: {
    ...files,
    '/proc/meminfo': 'MemTotal: 2014204 kB\nMemAvailable: 241704 kB\nSUnreclaim: 60000 kB\nShmem: 9000 kB\n',
    '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
    '/proc/mounts':
      '/dev/vda1 / ext4 rw,relatime 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0\n',
    '/proc/net/tcp': ['  sl  local_address', listening(3306, 11), listening(6379, 12), ''].join('\n'),
    '/etc/redis/redis.conf': `bind 0.0.0.0\nport 6379\nprotected-mode no\nsave 3600 1\nmasterauth ${SECRET}\n`,
    '/srv/shop/.env': `DB_PASSWORD=${SECRET}\nWECHAT_APP_SECRET=${SECRET}\n`,
    '/srv/shop/package.json': '{ "name": "shop" }\n',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
    '/proc/stat': 'cpu  1 0 1 1\ncpu0 1 0 1 1\ncpu1 1 0 1 1\n',
    '/proc/cpuinfo': 'processor\t: 0\n\nprocessor\t: 1\n',
    '/sys/devices/system/cpu/online': '0-1\n',
    '/proc/sys/vm/overcommit_memory': '0\n',
    '/root/.pm2/dump.pm2': `[${pm2Env}]`,
  },
  links: { ...links, '/proc/801/cwd': '/srv/shop', '/proc/802/cwd': '/srv/shop' },
  facts: { '/root/.pm2/logs/shop-out.log': { kind: 'file', bytes: 3 * GiB } },
  spaces: {
    '/': { totalBytes: 40 * GiB, freeBytes: 2 * GiB, totalInodes: 2_600_000, freeInodes: 2_000_000 },
  },
  ...recordedUnits({
    'ssh.service': {},
    'mysql.service': {},
    'redis-server.service': { Restart: 'always' },
    [PM2_UNIT]: { Type: 'forking' },
  }),
};

async function examined() {
  return examine(new Patient(recordedHost(tutorialServer)), checks, { clock: systemClock });
}

describe('a server out of a tutorial', () => {
  it.each([
    ['A3', 'no swap'],
    ['A6', 'a Redis whose snapshots fail'],
    ['A10', 'a database that is killed first'],
    ['B2', 'services without a limit'],
    ['B5', 'one killed child that stops all apps'],
    ['B6', 'a database that stays down'],
    ['C3', 'two heaps of 1536 MiB on 2 GiB'],
    ['C5', 'a restart at a size that is never reached'],
    ['C6', 'as many processes as cores beside a database'],
    ['C7', 'a Node that nobody mends any more'],
    ['C8', 'an inspector for everybody'],
    ['D1', 'a database that may take more than there is'],
    ['D3', 'temporary tables for each connection'],
    ['D5', 'a performance_schema that nobody reads'],
    ['D9', 'a database that listens to everybody'],
    ['E1', 'a Redis without a limit'],
    ['E6', 'a Redis that lets everybody in'],
    ['G1', 'a disk that is nearly full'],
    ['G3', 'a log of 3 GiB'],
    ['G9', 'debug logs'],
    ['G10', 'secrets that everybody may read'],
  ])('%s finds %s', async (id) => {
    const { results } = await examined();
    const result = results.find(({ check }) => check.id === id);
    expect(result && findingsOf(result).length, JSON.stringify(result?.outcomes)).toBeGreaterThan(0);
  });

  it('is given a restart limit that can be reached', async () => {
    const { results } = await examined();
    const result = results.find(({ check }) => check.id === 'C5');
    expect(result && findingsOf(result)[0]?.fix[0]?.lines).toEqual([
      "node_args: '--max-old-space-size=155 --max-semi-space-size=8',",
      "max_memory_restart: '239M',",
    ]);
  });

  it('is told of in every form without a word of its secrets', async () => {
    const examination = await examined();
    for (const language of ['en', 'zh-CN'] as const) {
      const report = { language, all: true, explain: true };
      const forms = [
        formatExamination(examination, report).join('\n'),
        examinationMarkdown(examination, report),
        JSON.stringify(examinationJson(examination, language)),
      ];
      for (const form of forms) expect(form).not.toContain(SECRET);
    }
  });

  it('fills all words of its findings', async () => {
    const examination = await examined();
    for (const language of ['en', 'zh-CN'] as const) {
      const lines = formatExamination(examination, { language, all: true, explain: true });
      expect(lines.filter((line) => /\{[a-zA-Z]+\}/.test(line))).toEqual([]);
    }
  });
});
