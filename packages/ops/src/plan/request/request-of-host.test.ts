import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import { Patient } from '../../doctor/patient.ts';
import { ownName } from './own-name.ts';
import { parsePlanRequest } from './read-plan-request.ts';
import { requestOfHost } from './request-of-host.ts';
import { writePlanRequest } from './write-plan-request.ts';

const NODE = '/usr/bin/node';
const unit = (name: string) => `/system.slice/${name}.service`;

/** A box as tutorials make it, with everything that a small one may run. */
const PROCESSES: readonly RecordedProcess[] = [
  { pid: 1, executable: '/usr/lib/systemd/systemd', cgroup: '/init.scope' },
  { pid: 10, executable: '/usr/sbin/nginx', cgroup: unit('nginx'), rssMb: 6 },
  { pid: 11, parent: 10, executable: '/usr/sbin/nginx', cgroup: unit('nginx'), rssMb: 5 },
  {
    pid: 20,
    executable: NODE,
    commandLine: ['node', '/srv/shop/node_modules/.bin/maque', 'start', '.', '--memory', '512M'],
    cgroup: unit('shop'),
  },
  ...[21, 22].map((pid) => ({
    pid,
    parent: 20,
    executable: NODE,
    commandLine: ['node', '--max-old-space-size=97', '/srv/shop/node_modules/maque/bundle/worker.js'],
    cgroup: unit('shop'),
  })),
  {
    pid: 30,
    executable: NODE,
    comm: 'PM2 v5.4.2: God',
    commandLine: ['PM2 v5.4.2: God Daemon (/root/.pm2)'],
  },
  ...[31, 32].map((pid) => ({
    pid,
    parent: 30,
    executable: NODE,
    commandLine: ['node /srv/api/server.js'],
    environment: {
      pm2_env: JSON.stringify({
        name: 'api',
        exec_mode: 'cluster_mode',
        node_args: ['--max-old-space-size=256'],
      }),
    },
  })),
  { pid: 35, executable: NODE, commandLine: ['node', '/root/.vscode-server/out/server-main.js'] },
  { pid: 36, executable: NODE, commandLine: ['node', 'build.js'] },
  {
    pid: 40,
    executable: '/usr/lib/jvm/java-17/bin/java',
    commandLine: ['java', '-Xmx256m', '-jar', '/srv/erp/erp.jar'],
    cgroup: unit('erp'),
    status: 'Threads:\t48\n',
  },
  { pid: 41, executable: '/usr/lib/jvm/java-17/bin/java', commandLine: ['java', '-jar', 'idea.jar'] },
  { pid: 50, executable: '/usr/bin/python3.11', commandLine: ['gunicorn: master [app]'], cgroup: unit('py') },
  ...[51, 52].map((pid) => ({
    pid,
    parent: 50,
    executable: '/usr/bin/python3.11',
    commandLine: ['gunicorn: worker [app]'],
    cgroup: unit('py'),
    rssMb: 40 + pid - 50,
  })),
  {
    pid: 60,
    executable: '/usr/sbin/mariadbd',
    commandLine: ['/usr/sbin/mariadbd', '--innodb-buffer-pool-size=192M', '--max-connections=40'],
    cgroup: unit('mariadb'),
  },
  {
    pid: 70,
    executable: '/usr/bin/redis-check-rdb',
    commandLine: ['/usr/bin/redis-server 127.0.0.1:6379'],
    cgroup: unit('redis-server'),
  },
  { pid: 80, executable: '/usr/bin/prometheus-node-exporter', cgroup: unit('prometheus-node-exporter') },
  { pid: 90, executable: '/usr/local/aegis/aegis_client/AliYunDun', cgroup: unit('aegis'), rssMb: 60 },
  { pid: 91, executable: '/usr/local/aegis/aegis_update/AliYunDunUpdate', cgroup: unit('aegis'), rssMb: 10 },
  { pid: 95, executable: '/usr/sbin/php-fpm8.2', cgroup: unit('php8.2-fpm'), rssMb: 50 },
  { pid: 96, executable: '/usr/sbin/sshd', cgroup: unit('ssh'), rssMb: 30 },
  { pid: 97, executable: '/usr/local/bin/small', cgroup: unit('small'), rssMb: 2 },
];

const recorded = recordedProcesses(PROCESSES);
const box = () =>
  requestOfHost(
    new Patient(
      recordedHost({
        ...recorded,
        files: {
          ...recorded.files,
          '/etc/redis/redis.conf': 'maxmemory 110mb\nmaxmemory-policy allkeys-lru\nsave ""\n',
          '/proc/swaps': 'Filename Type Size Used Priority\n/swapfile file 1048576 0 -2\n',
          '/proc/mounts': '/dev/vda1 / ext4 rw 0 0\n/dev/vdb1 /data ext4 rw 0 0\n',
        },
        spaces: {
          '/': { totalBytes: 40e9, freeBytes: 30e9, totalInodes: 1, freeInodes: 1 },
          '/data': { totalBytes: 60e9, freeBytes: 50e9, totalInodes: 1, freeInodes: 1 },
        },
      }),
    ),
  );

it('takes from a running box what a plan asks for, with the settings that are really there', async () => {
  const { box: found, services } = await box();
  expect(found).toEqual({ diskBytes: 50e9, swapBytes: 1024 * MiB });
  expect(services.map(({ service }) => service)).toEqual([
    { kind: 'nginx', name: 'nginx' },
    { kind: 'maque', name: 'shop', workers: 2, memoryBytes: 512 * MiB },
    { kind: 'node', name: 'api', workers: 2, oldSpaceMb: 256, keptBy: 'pm2' },
    { kind: 'java', name: 'erp', framework: 'spring-boot', heapMb: 256, threads: 48 },
    { kind: 'python', name: 'py', server: 'gunicorn', workers: 2, workerBytes: 42 * MiB },
    {
      kind: 'mariadb',
      name: 'mariadb',
      poolBytes: 192 * MiB,
      connections: 40,
      performanceSchema: false,
    },
    { kind: 'redis', name: 'redis', dataBytes: 100 * MiB, role: 'cache', persistent: false },
    { kind: 'watcher', name: 'pm2', program: 'pm2' },
    { kind: 'watcher', name: 'node-exporter', program: 'node_exporter' },
    { kind: 'agent', name: 'alibaba-cloud', bytes: 70 * MiB },
    { kind: 'agent', name: 'php8-2-fpm', bytes: 50 * MiB },
  ]);
  expect(services.find(({ service }) => service.name === 'shop')?.pids).toEqual([20, 21, 22]);
  expect(services.flatMap(({ notes }) => notes.map(({ text }) => text.en))).toEqual([
    '{name}: taken for Spring Boot, for it is started by -jar',
  ]);
});

it('says it in words that a request file keeps', async () => {
  const { box: found, services } = await box();
  const request = {
    box: { memoryBytes: 2048 * MiB, cores: 2, bound: 'box' as const, ...found },
    services: services.map(({ service }) => service),
    load: { program: 'shop' as const },
  };
  expect(parsePlanRequest(writePlanRequest(request), 'x')).toEqual(request);
});

it('finds nothing where nothing may be seen', async () => {
  expect(await requestOfHost(new Patient(recordedHost({})))).toEqual({ box: {}, services: [] });
});

it('finds a name that is free, and not too long, for each service', () => {
  const long = 'a'.repeat(40);
  expect(ownName(long, new Set())).toBe(long);
  expect(ownName(long, new Set([long]))).toBe(`${'a'.repeat(38)}-2`);
  expect(ownName('redis', new Set(['redis', 'redis-2']))).toBe('redis-3');
});
