import { describe, expect, it } from 'vitest';
import type { Kill } from './kill.ts';
import { OomReader } from './oom-reader.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

function read(...lines: readonly string[]) {
  const reader = new OomReader({ nowMs: NOW });
  for (const line of lines.join('\n').split('\n')) reader.read(line);
  return reader.report();
}

const onlyKill = (...lines: readonly string[]): Kill => {
  const { kills } = read(...lines);
  expect(kills).toHaveLength(1);
  return kills[0] as Kill;
};

describe('a kill by the kernel', () => {
  it.each([
    [
      '2.6.18',
      'Out of memory: Killed process 4711 (httpd).',
      { pid: 4711, name: 'httpd', anonRssKb: null, constraint: 'CONSTRAINT_NONE' },
    ],
    [
      '2.6.32, whose user stands before the name',
      '[1000.1] Out of memory: Kill process 77 (java) score 901 or sacrifice child\n[1000.2] Killed process 77, UID 500, (java) total-vm:2222kB, anon-rss:1111kB, file-rss:12kB',
      { pid: 77, name: 'java', anonRssKb: 1111, rssKb: 1123, uptimeSeconds: 1000.2 },
    ],
    [
      '3.10, whose user stands behind the name',
      'Out of memory: Kill process 9 (mysqld) score 400 or sacrifice child\nKilled process 9 (mysqld), UID 27, total-vm:900kB, anon-rss:800kB, file-rss:0kB, shmem-rss:4kB',
      { pid: 9, name: 'mysqld', anonRssKb: 800, rssKb: 804 },
    ],
    [
      '4.19',
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/docker/abc,task_memcg=/docker/abc/app.scope,task=node,pid=31,uid=0\nMemory cgroup out of memory: Kill process 31 (node) score 999 or sacrifice child\nKilled process 31 (node) total-vm:1kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB',
      {
        constraint: 'CONSTRAINT_MEMCG',
        constraintInferred: false,
        cgroup: '/docker/abc/app.scope',
        limitCgroup: '/docker/abc',
        unit: 'app.scope',
      },
    ],
    [
      '5.15 of a whole machine',
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/mariadb.service,task=mariadbd,pid=812,uid=110\nOut of memory: Killed process 812 (mariadbd) total-vm:1700kB, anon-rss:900kB, file-rss:3kB, shmem-rss:0kB, UID:110 pgtables:900kB oom_score_adj:-600',
      {
        constraint: 'CONSTRAINT_NONE',
        cgroup: '/system.slice/mariadb.service',
        limitCgroup: null,
        unit: 'mariadb.service',
        oomScoreAdj: -600,
      },
    ],
    [
      'whoever asked is the one to die',
      'Out of memory (oom_kill_allocating_task): Killed process 5 (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB',
      { pid: 5, name: 'a', constraint: 'CONSTRAINT_NONE' },
    ],
    [
      'a line that is cut off',
      'Oct 13 22:05:39 box kernel: Memory cgroup out of memory: Killed process 77 (node) total-vm:12',
      {
        pid: 77,
        name: 'node',
        anonRssKb: null,
        constraint: 'CONSTRAINT_MEMCG',
        constraintInferred: true,
        complete: false,
      },
    ],
  ])('is read as Linux %s writes it', (_which, text, expected) => {
    expect(onlyKill(text)).toMatchObject({ mechanism: 'kernel-oom', ...expected });
  });

  it.each([
    ['Web Content'],
    ['(sd-pam)'],
    ['tmux: server'],
    ['kworker/u8:2'],
    ['a) (b'],
    ['node (prod)'],
    ['x, total'],
    ['麻雀'],
  ])('has its name whole: %s', (name) => {
    const text = `Out of memory: Killed process 12 (${name}) total-vm:10kB, anon-rss:5kB, file-rss:1kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0`;
    expect(onlyKill(text)).toMatchObject({ pid: 12, name, anonRssKb: 5 });
  });

  it.each([
    ['[ 5662.970139] ', { time: null, uptimeSeconds: 5662.970139 }],
    ['<3>[ 5662.970139] ', { uptimeSeconds: 5662.970139 }],
    ['[Mon Dec  8 17:51:31 2025] ', { time: '2025-12-08T17:51:31' }],
    ['[一 12月  8 17:51:31 2025] ', { time: '2025-12-08T17:51:31' }],
    ['Dec  8 17:51:31 box kernel: ', { time: '2025-12-08T17:51:31' }],
    ['Nov  8 07:51:31 box kernel: [   12.5] ', { time: '2026-11-08T07:51:31', uptimeSeconds: 12.5 }],
    ['12月 17 10:04:41 box kernel: ', { time: '2025-12-17T10:04:41' }],
    ['Okt 07 19:16:10 box kernel: ', { time: '2026-10-07T19:16:10' }],
    ['févr. 03 19:16:10 box kernel: ', { time: '2026-02-03T19:16:10' }],
    ['7 окт. 19:16:10 box kernel: ', { time: '2026-10-07T19:16:10' }],
    ['2026-05-01T08:00:00.123456+08:00 box kernel: ', { time: '2026-05-01T08:00:00.123+08:00' }],
    ['2026-05-01T08:00:00+0800 box kernel: ', { time: '2026-05-01T08:00:00+0800' }],
    ['2026-05-01 08:00:00 box kernel: ', { time: '2026-05-01T08:00:00' }],
    ['[ 12.345678] box kernel: ', { uptimeSeconds: 12.345678 }],
    ['web-1  | ', { time: null }],
  ])('is found behind the prefix %j', (prefix, when) => {
    const text = `${prefix}Out of memory: Killed process 12 (node) total-vm:10kB, anon-rss:5kB, file-rss:1kB`;
    expect(onlyKill(text)).toMatchObject({ pid: 12, name: 'node', ...when });
  });

  it('is found in the journal as JSON', () => {
    const entry = {
      __REALTIME_TIMESTAMP: '1777593600000000',
      SYSLOG_IDENTIFIER: 'kernel',
      MESSAGE: 'Out of memory: Killed process 12 (node) total-vm:10kB, anon-rss:5kB, file-rss:1kB',
    };
    expect(onlyKill(JSON.stringify(entry))).toMatchObject({ pid: 12, time: '2026-05-01T00:00:00.000Z' });
  });

  it('is told apart from the one that was chosen when a child was sacrificed', () => {
    const kill = onlyKill(
      'Out of memory: Kill process 100 (gunicorn) score 700 or sacrifice child',
      'Killed process 101 (gunicorn) total-vm:5kB, anon-rss:3kB, file-rss:0kB',
    );
    expect(kill).toMatchObject({ pid: 101, culprit: { pid: 100, name: 'gunicorn', score: 700 } });
  });

  it('takes all of a group along where that is set', () => {
    const { kills } = read(
      '[10.0] node invoked oom-killer: gfp_mask=0xcc0, order=0, oom_score_adj=0',
      '[10.1] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/app,task_memcg=/app/web,task=node,pid=5,uid=0',
      '[10.2] Memory cgroup out of memory: Killed process 5 (node) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
      '[10.3] Tasks in /app are going to be killed due to memory.oom.group set',
      '[10.4] Memory cgroup out of memory: Killed process 6 (sh) total-vm:9kB, anon-rss:1kB, file-rss:0kB',
      '[10.5] Memory cgroup out of memory: Killed process 7 (nginx) total-vm:9kB, anon-rss:2kB, file-rss:0kB',
    );
    expect(kills.map(({ pid, cgroup, limitCgroup }) => [pid, cgroup, limitCgroup])).toEqual([
      [5, '/app/web', '/app'],
      [6, '/app/web', '/app'],
      [7, '/app/web', '/app'],
    ]);
  });

  it('is one of two whose reports stand one after the other', () => {
    const { kills } = read(
      '[10.0] node invoked oom-killer: gfp_mask=0xcc0, order=0',
      '[10.1] Task in /a killed as a result of limit of /a',
      '[10.2] Memory cgroup out of memory: Kill process 5 (node) score 5 or sacrifice child',
      '[10.3] Killed process 5 (node) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
      '[99.0] Out of memory: Kill process 6 (java) score 5 or sacrifice child',
      '[99.1] Killed process 6 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
    );
    expect(kills).toMatchObject([
      { pid: 5, constraint: 'CONSTRAINT_MEMCG', cgroup: '/a' },
      { pid: 6, constraint: 'CONSTRAINT_NONE', cgroup: null, invokedBy: null },
    ]);
  });

  it('that is not in the log is missed: somebody asked, and who died is not told', () => {
    const { kills, unfinished } = read('[10.0] postgres invoked oom-killer: gfp_mask=0xcc0, order=0');
    expect(kills).toEqual([]);
    expect(unfinished).toMatchObject([{ invokedBy: 'postgres', uptimeSeconds: 10 }]);
  });

  it('survives lines of others in between', () => {
    const kill = onlyKill(
      'May  1 08:00:00 box kernel: node invoked oom-killer: gfp_mask=0xcc0, order=0, oom_score_adj=0',
      'May  1 08:00:00 box sshd[22]: Accepted publickey for root',
      'May  1 08:00:00 box kernel: memory: usage 524288kB, limit 524288kB, failcnt 9',
      'May  1 08:00:00 box app[7]: {"msg":"Killed the lights"}',
      'May  1 08:00:00 box kernel: Memory cgroup out of memory: Killed process 5 (node) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
    );
    expect(kill).toMatchObject({ invokedBy: 'node', limitKb: 524_288, constraint: 'CONSTRAINT_MEMCG' });
  });
});

describe('the table of processes', () => {
  const KILL = 'Out of memory: Killed process 30 (mysqld) total-vm:9kB, anon-rss:8000kB, file-rss:0kB';

  it.each([
    [
      '2.6.32',
      '[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name',
      [
        '[   30]    27    30   500     2000   0     -17         -1000 mysqld',
        '[   31]    48    31   500     3000   1       0             0 php-cgi',
        '[   32]    48    32   500     3000   1       0             0 php-cgi',
      ],
      { name: 'php-cgi', processes: 2, residentKb: 24_000, swappedKb: 0 },
    ],
    [
      '3.10',
      '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
      [
        '[   30]    27    30   500     2000      57    4374             0 mysqld',
        '[   31]    48    31   500     9000      57    100             0 java',
      ],
      { name: 'java', processes: 1, residentKb: 36_000, swappedKb: 400 },
    ],
    [
      '4.4',
      '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name',
      [
        '[   30]    27    30   500     2000      57       3     10             0 mysqld',
        '[   31]    48    31   500     9000      57       3     20           0 java',
      ],
      { name: 'java', processes: 1, residentKb: 36_000, swappedKb: 80 },
    ],
    [
      '5.15',
      '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
      [
        '[     30]    27    30   500     2000   123456    10             0 mysqld',
        '[     31]    48    31   500     9000   123456    20             0 node /srv/app (1)',
      ],
      { name: 'node /srv/app (1)', processes: 1, residentKb: 36_000, swappedKb: 80 },
    ],
    [
      '6.8',
      '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
      [
        '[     30]    27    30   500     2000     1900      100         0   123456    10             0 mysqld',
        '[     31]    48    31   500     9000     8900      100         0   123456    20             0 7zip 2',
      ],
      { name: '7zip 2', processes: 1, residentKb: 36_000, swappedKb: 80 },
    ],
  ])('of Linux %s tells who had the memory', (_version, header, rows, largest) => {
    const kill = onlyKill(header, ...rows, KILL);
    expect(kill.memory[0]).toEqual(largest);
    expect(kill.culprit).toMatchObject({ name: largest.name, processes: largest.processes });
  });

  it('is read without its header too, and squeezed', () => {
    const kill = onlyKill(
      'Oct 13 22:05:39 box kernel: [ 7557] 48 7557 44606 1397 57 4374 0 mt-search.cgi',
      'Oct 13 22:05:39 box kernel: [ 7558] 48 7558 44606 1220 56 4456 0 mt-search.cgi',
      `Oct 13 22:05:39 box kernel: ${KILL}`,
    );
    expect(kill.culprit).toMatchObject({ name: 'mt-search.cgi', processes: 2, memoryKb: 45_788 });
  });

  it('names no other where the victim had the most itself', () => {
    const kill = onlyKill('[  30] 27 30 500 90000 57 0 0 mysqld', '[  31] 48 31 500 300 57 0 0 sh', KILL);
    expect(kill.culprit).toBeNull();
  });
});

describe('a kill by somebody else', () => {
  it.each([
    [
      'earlyoom',
      'earlyoom[7]: sending SIGTERM to process 57834 uid 1000 "code": badness 866, VmRSS 5 MiB',
      { mechanism: 'earlyoom', pid: 57_834, name: 'code', signal: 'SIGTERM', rssKb: 5_120 },
    ],
    [
      'earlyoom 1.8',
      'earlyoom[7]: sending SIGKILL to process 9 uid 0 "node": oom_score 866, VmRSS 512 MiB, cmdline "node server.js"',
      { mechanism: 'earlyoom', pid: 9, name: 'node', signal: 'SIGKILL' },
    ],
    [
      'systemd-oomd for swap',
      'systemd-oomd[588]: Killed /system.slice/app.service due to memory used (1.8G) / total (1.9G) and swap used (950M) / total (1G) being more than 90.00%',
      { mechanism: 'systemd-oomd', name: 'app.service', constraint: 'swap-used > 90.00%' },
    ],
    [
      'systemd-oomd, newer',
      'systemd-oomd[588]: Marked /user.slice/a.scope for killing due to memory pressure for /user.slice being 80.10% > 60.00% for > 20s with reclaim activity',
      {
        mechanism: 'systemd-oomd',
        name: 'a.scope',
        limitCgroup: '/user.slice',
        constraint: 'memory-pressure 80.10% > 60.00%',
      },
    ],
    [
      'PM2',
      '2026-05-01T08:00:00: PM2 log: [PM2][WORKER] Process 0 restarted because it exceeds --max-memory-restart value (current_memory=536870912 max_memory_limit=314572800 [octets])',
      { mechanism: 'pm2-restart', name: 'pm2:0', rssKb: 524_288, limitKb: 307_200 },
    ],
    [
      "Docker's events",
      '2026-05-01T08:00:00.123456789+08:00 container oom 0123456789abcdef0123456789abcdef (image=shop:1, name=shop-web-1)',
      { mechanism: 'container', name: 'shop-web-1' },
    ],
    ['docker inspect', '            "OOMKilled": true,', { mechanism: 'container' }],
    ['kubectl describe', '      Reason:       OOMKilled', { mechanism: 'kubernetes' }],
    [
      'docker-compose',
      'web_1 exited with code 137',
      { mechanism: 'exit-status', name: 'web_1', signal: 'SIGKILL' },
    ],
    ['an abort', 'web_1 exited with code 134', { mechanism: 'exit-status', signal: 'SIGABRT' }],
  ])('is read of %s', (_who, text, expected) => {
    expect(onlyKill(text)).toMatchObject(expected);
  });

  it('is one kill when earlyoom had to insist', () => {
    const kill = onlyKill(
      'earlyoom[7]: sending SIGTERM to process 9 uid 0 "node": badness 866, VmRSS 512 MiB',
      'earlyoom[7]: sending SIGKILL to process 9 uid 0 "node": badness 866, VmRSS 512 MiB',
    );
    expect(kill.signal).toBe('SIGKILL');
  });

  it("is V8's own end, with the process of its last collections", () => {
    const kill = onlyKill(
      '<--- Last few GCs --->',
      '[4711:0x5581a0]    81234 ms: Mark-Compact 250.1 (258.2) -> 249.9 (258.2) MB, pooled: 0 MB, 201.3 / 0.0 ms',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    );
    expect(kill).toMatchObject({ mechanism: 'v8-heap-limit', pid: 4_711, signal: 'SIGABRT' });
  });

  it('is the same that systemd remarks on', () => {
    const remark =
      'May  1 08:00:01 box systemd[1]: shop.service: A process of this unit has been killed by the OOM killer.';
    const kernel =
      'May  1 08:00:00 box kernel: Out of memory: Killed process 5 (node) total-vm:9kB, anon-rss:8kB, file-rss:0kB';
    expect(onlyKill(kernel, remark)).toMatchObject({
      mechanism: 'kernel-oom+systemd-note',
      unit: 'shop.service',
      pid: 5,
    });
    expect(onlyKill(remark)).toMatchObject({ mechanism: 'systemd-note', unit: 'shop.service', pid: null });
    const twice = "May  1 08:00:02 box systemd[1]: shop.service: Failed with result 'oom-kill'.";
    expect(onlyKill(remark, twice)).toMatchObject({ mechanism: 'systemd-note' });
  });

  it('is no kill: words of people and programs', () => {
    expect(
      read(
        'May  1 08:00:00 box app[7]: out of memory? no, only out of tea',
        'I googled "Out of memory: Kill process" yesterday',
        'shop.service: Main process exited, code=exited, status=0/SUCCESS',
        'web_1 exited with code 0',
        '"OOMKilled": false,',
        '[error] Killed process',
      ).kills,
    ).toEqual([]);
  });
});

it('keeps a bounded number of kills, and says how many it left out', () => {
  const reader = new OomReader({ nowMs: NOW, maxKills: 3, maxTimeline: 2 });
  for (let pid = 1; pid <= 10; pid += 1) {
    reader.read(`Out of memory: Killed process ${pid} (node) total-vm:9kB, anon-rss:8kB, file-rss:0kB`);
    reader.read(`May  1 08:00:0${pid % 10} box systemd[1]: Started unit ${pid}.`);
  }
  const { kills, killsLeftOut, timeline } = reader.report();
  expect([kills.length, killsLeftOut]).toEqual([3, 7]);
  expect(kills.map(({ pid }) => pid)).toEqual([8, 9, 10]);
  // The bound holds for those around kills and for the last ones; here they are the same.
  expect(timeline.map(({ subject }) => subject)).toEqual(['unit 9', 'unit 10']);
});
