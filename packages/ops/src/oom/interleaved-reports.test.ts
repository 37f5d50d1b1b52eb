import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kill } from './kill.ts';
import { OomReader } from './oom-reader.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

interface Told {
  readonly pid: number;
  readonly name: string;
  readonly group: string;
  readonly limitKb: number;
  readonly era: 'new' | 'old';
  readonly hasTable: boolean;
  readonly hasUnit: boolean;
}

const told: fc.Arbitrary<Told> = fc.record({
  pid: fc.integer({ min: 2, max: 4_000_000 }),
  name: fc.constantFrom('node', 'java', 'MainThread', 'Web Content', 'php-fpm: pool'),
  group: fc.constantFrom('shop', 'api', 'batch'),
  limitKb: fc.integer({ min: 4_096, max: 4_000_000 }),
  era: fc.constantFrom('new', 'old'),
  hasTable: fc.boolean(),
  hasUnit: fc.boolean(),
});

/** What kernels before and since 4.19 write of one kill, and what systemd says of it. */
function reportOf({ pid, name, group, limitKb, era, hasTable, hasUnit }: Told): readonly string[] {
  const unit = `/system.slice/${group}.service`;
  const table =
    era === 'new'
      ? [
          '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
          `[${pid}]     0 ${pid}   411973    ${limitKb >> 2}    63533    10842         0  7364608        0             0 ${name}`,
        ]
      : [
          '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
          `[${pid}]     0 ${pid}   411973    ${limitKb >> 2}     230        0             0 ${name}`,
        ];
  const words =
    era === 'new'
      ? [
          `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${unit},task_memcg=${unit},task=${name},pid=${pid},uid=0`,
          `Memory cgroup out of memory: Killed process ${pid} (${name}) total-vm:9kB, anon-rss:${limitKb}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:9kB oom_score_adj:0`,
        ]
      : [
          `Memory cgroup out of memory: Kill process ${pid} (${name}) score 900 or sacrifice child`,
          `Killed process ${pid} (${name}) total-vm:9kB, anon-rss:${limitKb}kB, file-rss:0kB, shmem-rss:0kB`,
        ];
  return [
    `${name} invoked oom-killer: gfp_mask=0xcc0, order=0, oom_score_adj=0`,
    `CPU: 1 PID: ${pid} Comm: ${name} Not tainted ${era === 'new' ? '6.18.1' : '3.10.0-1160'} #1`,
    ...(era === 'new' ? [] : [`Task in ${unit} killed as a result of limit of ${unit}`]),
    `memory: usage ${limitKb}kB, limit ${limitKb}kB, failcnt 26`,
    ...(hasTable ? table : []),
    ...words,
    ...(hasUnit
      ? [`systemd[1]: ${group}.service: A process of this unit has been killed by the OOM killer.`]
      : []),
  ];
}

/** Lines of several, in the order in which whoever's turn it is comes. */
function interleaved(reports: readonly (readonly string[])[], turns: readonly number[]): readonly string[] {
  const rest = reports.map((lines) => [...lines]);
  const mixed: string[] = [];
  for (let round = 0; rest.some((lines) => lines.length > 0); round += 1) {
    const left = rest.filter((lines) => lines.length > 0);
    mixed.push(left[(turns[round % turns.length] ?? 0) % left.length]?.shift() ?? '');
  }
  return mixed;
}

function read(lines: readonly string[]): readonly Kill[] {
  const reader = new OomReader({ nowMs: NOW });
  for (const line of lines) reader.read(line);
  const { kills, unfinished } = reader.report();
  expect(unfinished).toEqual([]);
  return kills.map((kill) => ({ ...kill, line: 0 })).sort((a, b) => (a.pid ?? 0) - (b.pid ?? 0));
}

const several = fc.uniqueArray(told, { minLength: 2, maxLength: 5, selector: ({ pid }) => pid });
const turns = fc.array(fc.nat(4), { minLength: 1, maxLength: 40 });

describe('reports that write into one another’s lines are read as each alone', () => {
  it.each<[string, (host: string, line: string) => string]>([
    ['rsyslog', (host, line) => `May  1 03:12:07 ${host} ${writerOf(line)}${line}`],
    ['rsyslog in Chinese', (host, line) => `5月  1 03:12:07 ${host} ${writerOf(line)}${line}`],
    [
      'addresses for names',
      (host, line) => `2026-05-01T03:12:07+08:00 10.0.0.${host.length} ${writerOf(line)}${line}`,
    ],
    ['BusyBox', (host, line) => `May  1 03:12:07 ${host} kern.warn ${writerOf(line)}${line}`],
    [
      'an uptime and no writer',
      (host, line) => `May  1 03:12:07 ${host} ${line.startsWith('systemd') ? line : `[   50.1] ${line}`}`,
    ],
    [
      'the journal as JSON',
      (host, line) =>
        JSON.stringify({ _HOSTNAME: host, MESSAGE: line, __REALTIME_TIMESTAMP: '1777593600000000' }),
    ],
  ])('of several machines: %s', (_writer, written) => {
    const property = fc.property(several, turns, (all, order) => {
      const reports = all.map((one, index) =>
        reportOf(one).map((line) => written(`shop${'-x'.repeat(index)}`, line)),
      );
      expect(read(interleaved(reports, order))).toEqual(read(reports.flat()));
      expect(read(reports.flat()).map(({ limitKb }) => limitKb)).toEqual(
        all.toSorted((a, b) => a.pid - b.pid).map(({ limitKb }) => limitKb),
      );
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('of several tasks of one machine, whose kernel tells them', () => {
    const property = fc.property(several, turns, (all, order) => {
      const reports = all.map((one, index) =>
        reportOf({ ...one, hasUnit: false }).map((line) => `[   50.1][ T${index + 100}] ${line}`),
      );
      expect(read(interleaved(reports, order))).toEqual(read(reports.flat()));
      expect(read(reports.flat())).toHaveLength(all.length);
    });
    fc.assert(property, { numRuns: 120 });
  });
});

/** The lines of systemd name it themselves. */
function writerOf(line: string): string {
  return line.startsWith('systemd') ? '' : 'kernel: ';
}
