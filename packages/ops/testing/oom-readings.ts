import { expect } from 'vitest';
import type { Kill } from '../src/oom/kill.ts';

type Expected = Partial<Kill>;

const NONE = 'CONSTRAINT_NONE';
const MEMCG = 'CONSTRAINT_MEMCG';

const kernel = (pid: number, name: string, anonRssKb: number | null, rest: Expected = {}): Expected => ({
  mechanism: 'kernel-oom',
  constraint: NONE,
  signal: 'SIGKILL',
  pid,
  name,
  anonRssKb,
  ...rest,
});

const culprit = (name: string) => expect.objectContaining({ name });
const POD =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1b2c3d4e_5f60_4718_8920_a1b2c3d4e5f6.slice';
const POD_CONTAINER = '9c1a8f0d2e3b4a5968778695a4b3c2d1e0f9c1a8f0d2e3b4a5968778695a4b3c';
const DOCKER_CONTAINER = '5f6bb0a3d1c94b0e9a7d5a8c7d21e0f35f6bb0a3d1c94b0e9a7d5a8c7d21e0f3';

/** What each log of the folder tells, by its name: who was killed, in the order of the log. */
export const READINGS: Readonly<Record<string, readonly Expected[]>> = {
  '01-rhel5-2.6.18-syslog': [kernel(3190, 'httpd', null, { time: '2026-03-03T04:10:56', host: 'web3' })],
  '02-2.6.31-kill-or-a-child': [
    kernel(4391, 'php-cgi', null, {
      culprit: culprit('apache2'),
      kernel: '2.6.31-22-server',
      ramKb: 524_288,
    }),
  ],
  '03-2.6.32-el6-table-oom-adj': [
    kernel(1500, 'mysqld', 600_796, { culprit: null, complete: true, totalSwapKb: 1_048_572 }),
  ],
  '04-2.6.27-mpol-bind': [kernel(991, 'solver', null, { constraint: 'CONSTRAINT_MEMORY_POLICY' })],
  // The kernel chose a thread of the process that it killed: nobody else's fault.
  '05-centos7-docker-cgroup-v1': [
    kernel(22_133, 'java', 523_860, {
      constraint: MEMCG,
      cgroup: `/docker/${DOCKER_CONTAINER}`,
      container: DOCKER_CONTAINER,
      limitKb: 524_288,
      culprit: null,
      kernel: '3.10.0-1160.el7.x86_64',
    }),
  ],
  '06-ubuntu14-3.13-dmesg-T': [kernel(8013, 'ruby', 396_480, { time: '2016-02-11T02:14:09' })],
  '07-4.4-two-page-tables': [
    kernel(1101, 'mysqld', 80_440, {
      culprit: culprit('node'),
      freeSwapKb: 108,
      uptimeSeconds: 1_042_331.11861,
    }),
  ],
  '08-4.19-memcg-v2-unit': [
    kernel(1902, 'node', 402_200, {
      mechanism: 'kernel-oom+systemd-note',
      constraint: MEMCG,
      unit: 'shop.service',
      limitKb: 409_600,
      time: '2026-05-01T00:10:03.021+08:00',
    }),
  ],
  '09-5.0-constraint-and-sacrifice': [
    kernel(700, 'gunicorn', 150_000, { culprit: culprit('gunicorn'), unit: 'api.service' }),
  ],
  '10-5.10-cpuset': [kernel(4410, 'worker', 800_000, { constraint: 'CONSTRAINT_CPUSET', cgroup: '/batch' })],
  '11-5.15-memory-policy-serial': [
    kernel(1200, 'numademo', 8_100_000, { constraint: 'CONSTRAINT_MEMORY_POLICY', uptimeSeconds: 88.1002 }),
  ],
  // containerd tells of the same container.
  '12-6.8-kubernetes-node': [
    kernel(88_012, 'MainThread', 243_600, {
      constraint: MEMCG,
      limitCgroup: POD,
      cgroup: `${POD}/cri-containerd-${POD_CONTAINER}.scope`,
      container: POD_CONTAINER,
      oomScoreAdj: 936,
    }),
  ],
  '13-6.12-oom-group': [
    kernel(41, 'node', 200_000, { constraint: MEMCG, unit: 'api.service' }),
    kernel(40, 'npm start', 40_000, { constraint: MEMCG, unit: 'api.service' }),
  ],
  '14-rfc5424': [
    kernel(601, 'mariadbd', 548_000, {
      mechanism: 'kernel-oom+systemd-note',
      time: '2026-05-01T03:12:07.001+08:00',
      uptimeSeconds: 100.3,
      host: 'shop-1',
    }),
  ],
  // What CST means is not known: America's, China's or Cuba's.
  '15-journal-short-full-and-precise': [
    kernel(11, 'node', 300_000, { time: '2026-05-01T03:12:07', host: 'shop-1' }),
    kernel(12, 'node', 310_000, { time: '2026-05-02T03:12:07', host: 'shop-1' }),
    kernel(13, 'node', 320_000, { time: '2026-05-03T03:12:07.123+08:00', host: 'shop-1' }),
    kernel(14, 'node', 330_000, { time: '2026-05-04T20:12:07.123Z', host: 'shop-1' }),
    kernel(15, 'node', 340_000, { time: '2026-05-04T22:12:07Z', host: 'shop-1' }),
  ],
  '16-journal-export': [
    kernel(77, 'node', 250_000, { constraint: MEMCG, time: '2026-04-30T18:52:07.001Z', invokedBy: 'node' }),
  ],
  '17-journal-verbose': [kernel(78, 'redis-server', 250_000, { time: '2026-05-01T03:12:07.001' })],
  '18-journal-json': [
    kernel(501, 'php-fpm', 9_900, {
      constraint: MEMCG,
      cgroup: '/a.slice/b.service',
      limitCgroup: '/a.slice',
    }),
    kernel(502, 'a "quoted" b', 8_800, { time: '2026-04-30T18:53:10.000Z' }),
  ],
  '19-journal-cat': [
    kernel(812, 'node', 448_000, { mechanism: 'kernel-oom+systemd-note', unit: 'shop.service', time: null }),
  ],
  '20-dmesg-T-chinese': [
    kernel(900, 'node', 448_100, { time: '2026-05-01T03:12:07' }),
    kernel(901, 'node', 448_200, { time: '2026-11-14T23:00:01' }),
  ],
  '21-dmesg-locales': [1, 2, 3, 4, 5, 6, 7].map((pid) =>
    kernel(pid, 'a', pid * 10, { time: `2026-05-01T03:12:${String(pid + 6).padStart(2, '0')}` }),
  ),
  '22-dmesg-formats': [
    kernel(1, 'one', 10, { time: '2026-05-01T03:12:07.123+08:00' }),
    kernel(2, 'two', 20, { uptimeSeconds: 100.1 }),
    kernel(3, 'three', 30, { uptimeSeconds: 200.1 }),
    kernel(4, 'four', 40, { time: '2026-05-01T03:12:09' }),
    kernel(5, 'five', 50, { time: '2026-05-01T03:12:00' }),
    kernel(6, 'six', 60, { time: null, uptimeSeconds: null }),
    kernel(7, 'seven', 70, { uptimeSeconds: 300.1 }),
  ],
  '23-grep-and-quotes': [
    kernel(1, 'one', 10, { time: '2026-05-01T03:12:07', uptimeSeconds: 100.1 }),
    kernel(2, 'two', 20, { time: '2026-05-02T03:12:07' }),
    kernel(3, 'three', 30, { time: '2026-05-03T03:12:07' }),
    kernel(4, 'four', 40, { uptimeSeconds: 900.1 }),
    kernel(5, 'five', 50, { uptimeSeconds: 1_000.1 }),
  ],
  '24-containers-prefixes': [
    { mechanism: 'v8-heap-limit', pid: 1, time: '2026-05-01T03:12:07.123Z' },
    { mechanism: 'v8-heap-limit', pid: null, time: '2026-05-02T03:12:07.123Z' },
    { mechanism: 'v8-heap-limit', time: null },
    { mechanism: 'v8-heap-limit', time: '2026-05-03T03:12:07Z' },
  ],
  '25-syslog-ng': [
    kernel(21, 'node', 10, { host: 'shop-1', invokedBy: 'node' }),
    kernel(22, 'node', 20, { host: 'shop-1', time: '2026-05-01T03:14:07+0800' }),
  ],
  '26-systemd-oomd-wordings': [
    { mechanism: 'systemd-oomd', name: 'app-old.scope', processes: 2 },
    {
      mechanism: 'systemd-oomd',
      name: 'build.service',
      processes: 14,
      constraint: 'swap-used > 90.00%',
      cgroup: '/system.slice/build.service',
    },
    { mechanism: 'systemd-oomd', name: 'import.service', constraint: 'swap-used > 90.00%' },
    {
      mechanism: 'systemd-oomd',
      name: 'app-new.scope',
      constraint: 'memory-pressure 85.03% > 50.00%',
      limitCgroup: '/user.slice/user-1000.slice/user@1000.service',
    },
  ],
  '27-earlyoom-versions': [
    { mechanism: 'earlyoom', pid: 28_367, name: 'python3', rssKb: 12_076_032, signal: 'SIGTERM' },
    { mechanism: 'earlyoom', pid: 4711, name: 'node server', rssKb: null, signal: 'SIGKILL' },
    { mechanism: 'earlyoom', pid: 812, name: 'Web Content', rssKb: 831_488, signal: 'SIGTERM' },
    { mechanism: 'earlyoom', pid: 813, name: 'node', rssKb: 729_088, signal: 'SIGKILL' },
  ],
  '28-nohang': [
    { mechanism: 'nohang', pid: 903, name: 'mysqld', rssKb: 421_888, signal: 'SIGKILL' },
    { mechanism: 'nohang', pid: 477, name: 'java', rssKb: 868_608, signal: 'SIGTERM' },
  ],
  '29-pm2-versions': [
    { mechanism: 'pm2-restart', name: 'pm2:0', rssKb: null },
    { mechanism: 'pm2-restart', name: 'pm2:1', rssKb: 328_704, limitKb: 307_200 },
    { mechanism: 'pm2-restart', name: 'pm2:2', rssKb: 409_600, time: '2026-05-01T05:12:07' },
    { mechanism: 'exit-status', name: 'shop:3', signal: 'SIGKILL' },
    { mechanism: 'exit-status', name: 'api', pid: 812, signal: 'SIGABRT' },
  ],
  '30-v8-of-many-versions': [
    { mechanism: 'v8-heap-limit', pid: 2411 },
    { mechanism: 'v8-heap-limit', pid: 3000 },
    { mechanism: 'v8-heap-limit', pid: null },
    { mechanism: 'allocation-failed', name: 'node', signal: 'SIGABRT' },
    { mechanism: 'v8-heap-limit', name: 'node' },
    { mechanism: 'v8-heap-limit', constraint: 'resourceLimits', signal: null },
  ],
  '31-java': [{ mechanism: 'jvm-heap-limit', pid: 4711, name: 'java', constraint: 'Java heap space' }],
  '32-java-cannot-start': [{ mechanism: 'allocation-failed', pid: 12_345, name: 'java' }],
  '33-python-and-shells': [
    { mechanism: 'allocation-failed', name: 'python' },
    { mechanism: 'exit-status', pid: 12, name: 'gunicorn', time: '2026-05-01T04:12:07+0800' },
    { mechanism: 'exit-status', pid: 31, name: 'celery' },
    { mechanism: 'exit-status', pid: 123, name: 'uwsgi' },
    { mechanism: 'exit-status', pid: 1234, name: 'php-fpm' },
    { mechanism: 'exit-status', pid: 4711, name: 'node' },
  ],
  '34-docker-events': [
    { mechanism: 'container', name: 'shop-web-1', signal: 'SIGKILL', time: '2026-05-01T03:12:07.123+08:00' },
    { mechanism: 'container', name: 'shop-api-1', time: '2026-04-30T20:12:07.000Z' },
    { mechanism: 'exit-status', name: 'shop-jobs-1', signal: 'SIGKILL' },
  ],
  '35-docker-inspect': [
    { mechanism: 'container', name: 'shop-web-1', limitKb: 262_144, time: '2026-05-01T00:10:01.123Z' },
  ],
  '36-kubectl-describe': [
    { mechanism: 'kubernetes', name: 'web', limitKb: 262_144, time: '2026-05-01T00:10:00.000Z' },
  ],
  '37-kubectl-yaml': [
    { mechanism: 'kubernetes', name: 'web', time: '2026-05-01T00:10:00Z' },
    { mechanism: 'kubernetes', name: 'sidecar', time: '2026-05-01T00:20:00Z' },
  ],
  '38-kubectl-json-and-events': [
    { mechanism: 'kubernetes', name: 'web', time: '2026-05-01T00:10:00Z' },
    { mechanism: 'kubernetes', name: 'shop-7d9f6c5b4-x2k8p' },
    { mechanism: 'kubernetes', name: 'MainThread', pid: 88_012, constraint: NONE },
    { mechanism: 'kubernetes', name: 'web', rssKb: 412_000, constraint: 'eviction' },
  ],
  '39-lost-table-and-cut': [kernel(812, 'node', null, { unit: 'shop.service', complete: false })],
  '40-grep-out-of-memory-only': [kernel(2210, 'java', null), kernel(2310, 'java', null)],
  '41-interleaved-on-one-machine': [
    kernel(11, 'node', 1_100, { constraint: MEMCG, cgroup: '/a/one', limitCgroup: '/a' }),
    kernel(22, 'java', 2_200, { constraint: MEMCG, cgroup: '/b/two', limitCgroup: '/b' }),
  ],
  '42-two-machines-in-one-log': [
    kernel(22, 'java', 500_000, { constraint: MEMCG, limitKb: 524_288, host: 'shop-2', invokedBy: 'java' }),
    kernel(11, 'node', 250_000, { constraint: MEMCG, limitKb: 262_144, host: 'shop-1', invokedBy: 'node' }),
  ],
  '43-same-kill-in-two-logs': [kernel(812, 'node', 250_000, { uptimeSeconds: 100.1 })],
  '44-mariadb-and-others-in-vain': [
    { mechanism: 'allocation-failed', name: 'mysqld' },
    { mechanism: 'allocation-failed', name: 'redis-server' },
    { mechanism: 'allocation-failed', name: 'go' },
  ],
  '45-nobody-left-to-kill': [],
  '46-names': [
    kernel(1, 'Web Content', 1, { oomScoreAdj: 300 }),
    kernel(2, '(sd-pam)', 2),
    kernel(3, 'node /srv/app (1', 3),
    kernel(4, '', 4),
    kernel(5, 'PM2 v6.0.5: God', 5),
    kernel(6, 'a,pid=9,x', null),
  ],
  // Both managers of systemd tell of the same one.
  '48-user-manager-and-busybox': [
    kernel(77, 'code', 900_000, { mechanism: 'kernel-oom+systemd-note', unit: 'app-code-77.scope' }),
    kernel(78, 'uhttpd', 9_000, { time: '2026-05-01T04:12:07', uptimeSeconds: 4_711.123456 }),
  ],
  '47-only-systemd-tells': [
    { mechanism: 'systemd-note', name: 'shop.service', unit: 'shop.service', pid: null, processes: 1 },
    { mechanism: 'systemd-note', name: 'api.service', processes: 3, time: '2026-05-01T04:12:07' },
  ],
  // Who was chosen first is told once more, with what is left of it.
  '49-group-told-twice': [
    kernel(400, 'gunicorn', 150_000, { constraint: MEMCG, unit: 'api.service' }),
    kernel(398, 'gunicorn', 20_000, { constraint: MEMCG, unit: 'api.service' }),
  ],
  // `journalctl -r`.
  '50-read-from-its-end': [
    { mechanism: 'systemd-note', unit: 'feed.service', time: '2026-05-02T14:09:19' },
    kernel(6439, 'index-miner-fs', 609_064, {
      mechanism: 'kernel-oom+systemd-note',
      constraintInferred: false,
      unit: 'index-3.service',
      culprit: null,
    }),
  ],
  '51-broken-lines': [
    kernel(5192, 'python3', 63_108, { constraint: MEMCG, rssKb: 65_324, line: 1 }),
    kernel(57, 'address_space', 1024, { rssKb: 2780, line: 4 }),
    kernel(58, 'java', 99_000, { constraint: MEMCG, cgroup: '/shop/web', limitCgroup: '/shop' }),
    kernel(60, 'node', 5000, { culprit: culprit('node') }),
    kernel(61, 'python', 1_210_580, { constraint: MEMCG }),
  ],
  '52-cut-by-a-pager': [
    { mechanism: 'systemd-oomd', name: 'browser.1.scope', constraint: 'memory-pressure', limitCgroup: null },
    { mechanism: 'systemd-oomd', name: 'a.scope', constraint: null },
    { mechanism: 'systemd-oomd', name: 'b.scope', limitCgroup: '/user.slice/b' },
    { mechanism: 'earlyoom', pid: 2137, name: 'ray::RayWorkerP', rssKb: null },
  ],
  '53-without-a-host': [
    { mechanism: 'systemd-oomd', name: 'chat.scope', processes: 12, time: '2026-04-16T21:08:50' },
    kernel(1892, 'worker', 7_821_300, {
      mechanism: 'kernel-oom+systemd-note',
      unit: 'worker.service',
      host: null,
      time: '2026-09-12T10:14:02Z',
    }),
    { mechanism: 'systemd-oomd', name: 'pack.service', processes: 3, host: 'desk' },
    kernel(5, 'node', 99, { host: 'box-2', uptimeSeconds: 12.5 }),
  ],
  '54-earlyoom-insists': [
    { mechanism: 'earlyoom', pid: 77, name: 'we"ird', signal: 'SIGKILL', rssKb: 10_240 },
  ],
  // The kernel is told by a later report of the same machine.
  '55-a-thread-was-chosen': [
    kernel(18_177, 'java', 4_556_357, { constraint: MEMCG, culprit: null, kernel: '3.10.0-957.el7.x86_64' }),
    kernel(16_433, 'tab', 12_012, { constraint: MEMCG, culprit: culprit('browser') }),
  ],
  // The number that stands for "no limit" is none.
  '56-groups-of-engines': [
    kernel(4451, 'node', 1000, { container: DOCKER_CONTAINER, unit: null, limitKb: null, constraint: MEMCG }),
    kernel(9, 'x', 5, {
      constraint: MEMCG,
      cgroup: '/system.slice/system-api.slice/api@a,b.service',
      limitCgroup: '/system.slice/system-api.slice',
    }),
  ],
  '58-neighbours-in-vain': [
    { mechanism: 'allocation-failed', name: null },
    { mechanism: 'php-memory-limit', name: 'php', limitKb: 131_072, constraint: 'memory_limit' },
    { mechanism: 'allocation-failed', name: 'mysqld', time: '2026-05-01T03:12:07' },
    { mechanism: 'allocation-failed', name: 'mysqld', time: '2026-05-02T00:10:00.123Z' },
    { mechanism: 'allocation-failed', name: 'postgres' },
    { mechanism: 'allocation-failed', name: 'node' },
    { mechanism: 'allocation-failed', name: 'java', constraint: expect.stringMatching(/^unable to create/) },
    { mechanism: 'jvm-heap-limit', name: 'java', constraint: 'Metaspace' },
    { mechanism: 'exit-status', name: 'nginx', pid: 5678, time: '2026-05-03T08:00:00' },
    { mechanism: 'exit-status', name: 'celery' },
    { mechanism: 'lmkd', name: 'com.example.shop', pid: 4321, oomScoreAdj: 900, rssKb: 123_456 },
  ],
  '59-shells': [
    { mechanism: 'exit-status', name: 'node', pid: null },
    { mechanism: 'exit-status', name: 'server', pid: 12_345 },
    { mechanism: 'exit-status', name: 'java', pid: null },
    { mechanism: 'exit-status', name: 'node.js', pid: 4711 },
    { mechanism: 'exit-status', name: 'python3', pid: null },
    { mechanism: 'exit-status', name: 'cc1plus' },
  ],
  // systemd tells of SIGKILL as 9/KILL; of a unit that did not stop in time it was systemd itself.
  '60-systemd-tells-the-signal': [
    { mechanism: 'exit-status', unit: 'api.service', signal: 'SIGKILL', time: '2026-05-01T08:00:00' },
    { mechanism: 'exit-status', unit: 'old.service', signal: 'SIGABRT' },
    { mechanism: 'systemd-note', unit: 'shop.service', signal: 'SIGKILL' },
    kernel(4711, 'node', 254_132, { unit: 'worker.service', mechanism: 'kernel-oom+systemd-note' }),
    { mechanism: 'earlyoom', name: 'java', signal: 'SIGKILL' },
  ],
  '61-containers-of-one-list': [
    { mechanism: 'container', name: 'shop-web-1', limitKb: 262_144, time: '2026-05-01T00:10:00.123Z' },
    {
      mechanism: 'exit-status',
      name: 'shop-db-1',
      container: expect.stringMatching(/^6f6b/),
      signal: 'SIGKILL',
    },
    { mechanism: 'container', name: 'shop-jobs-1', limitKb: 131_072, time: '2026-05-01T00:12:00.123Z' },
  ],
  '62-collectors-and-hard-names': [
    kernel(991, 'node', 52, { time: '2026-05-01T08:00:00.000Z', host: 'box' }),
    kernel(81, 'a) total-vm:1kB', 54),
    kernel(11, 'node', 532_480),
    kernel(993, 'node', 54, { constraint: MEMCG, host: 'gke-1', time: '2026-05-01T09:00:00Z' }),
    {
      mechanism: 'kubernetes',
      name: 'web',
      container: expect.stringMatching(/^aaaabbbb/),
      time: '2026-05-01T00:10:00Z',
    },
  ],
  '57-eviction-units': [{ mechanism: 'kubernetes', name: 'web', rssKb: 421_888, constraint: 'eviction' }],
  // Of the last one that does not lie in the future, where no year is told.
  '63-chinese-dates': [
    kernel(1, 'node', 400_001, { time: '2026-05-01T03:12:09', host: 'shop-1' }),
    kernel(2, 'node', 400_002, { time: '2026-05-01T03:12:10', host: 'shop-1' }),
    kernel(3, 'node', 400_003, { time: '2026-05-01T03:12:11', host: 'shop-1' }),
    kernel(4, 'node', 400_004, { time: '2026-05-01T15:12:12', host: null }),
    kernel(5, 'node', 400_005, { time: '2026-05-01T00:12:13', host: null }),
    kernel(6, 'node', 400_006, { time: '2026-05-01T03:12:14', host: 'shop-1' }),
    kernel(7, 'node', 400_007, { time: '2025-12-31T23:59:59', host: 'shop-1' }),
    kernel(8, 'node', 400_008, { time: '2026-05-01T03:12:16', host: 'shop-1' }),
    kernel(9, 'node', 400_009, { time: '2026-05-01T03:12:17', host: 'shop-1' }),
    kernel(10, 'node', 400_010, { time: '2026-05-01T03:12:18', host: 'shop-1' }),
    kernel(11, 'node', 400_011, { time: '2026-05-01T03:12:19', host: 'shop-1' }),
    kernel(12, 'node', 400_012, { time: '2026-05-01T03:12:20.123+08:00', host: 'shop-1' }),
    kernel(13, 'node', 400_013, { time: '2026-05-01T03:12:21', host: 'shop-1' }),
  ],
  '64-hosts-of-busybox-and-kmsg': [
    kernel(21, 'node', 421, { host: 'gateway', time: '2026-05-01T03:12:07', uptimeSeconds: 4_711.123456 }),
    kernel(22, 'node', 422, { host: null, time: '2026-05-02T03:12:07' }),
    kernel(23, 'node', 423, { host: 'gateway', uptimeSeconds: 4_713.123456 }),
    kernel(24, 'node', 424, { time: null, uptimeSeconds: 4_714.123456 }),
    kernel(25, 'node', 425, { uptimeSeconds: 4_715.123456 }),
  ],
};
