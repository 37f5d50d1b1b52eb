import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logNames, textOfLog } from '../../testing/recorded-oom.ts';
import { formatOom, oomMarkdown } from './format-oom.ts';
import { oomJson } from './oom-json.ts';
import { OomReader } from './oom-reader.ts';
import { readLogLines } from './read-log-lines.ts';
import { momentOf } from './timeline/moments.ts';

/** Every line of every log that there is a reading of. */
const WRITTEN = logNames()
  .flatMap((name) => textOfLog(name).split('\n'))
  .filter((text) => text.trim() !== '');

const SAMPLES = [
  ...WRITTEN,
  '[  785.201231] MainThread invoked oom-killer: gfp_mask=0x440dc0(GFP_KERNEL), order=0, oom_score_adj=0',
  '[  785.201248] CPU: 1 UID: 0 PID: 23837 Comm: MainThread Not tainted 6.18.44 #1 PREEMPT(none) ',
  'memory: usage 262144kB, limit 262144kB, failcnt 26',
  '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
  '[  23837]     0 23837   411973    74375    63533    10842         0  7364608        0             0 MainThread',
  'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=x,pid=7,uid=0',
  'Memory cgroup out of memory: Killed process 23837 (MainThread) total-vm:1kB, anon-rss:2kB, file-rss:3kB, shmem-rss:0kB, UID:0',
  'Sep 27 11:33:06 box kernel: Out of memory: Kill process 12562 (node) score 786 or sacrifice child',
  'Sep 27 11:33:06 box kernel: Killed process 12573, UID 6, (node) total-vm:660944kB, anon-rss:76872kB, file-rss:0kB',
  'earlyoom[7]: sending SIGTERM to process 57834 uid 1000 "code": badness 866, VmRSS 5 MiB',
  'systemd-oomd[5]: Killed /a/b.scope due to memory pressure for /a being 57.97% > 50.00% for > 20s',
  'systemd[1]: b.scope: systemd-oomd killed 3 process(es) in this unit.',
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  '{"MESSAGE":"Out of memory: Killed process 1 (a) total-vm:1kB","__REALTIME_TIMESTAMP":"1777593600000000"}',
];

/** A line as it is, cut, doubled, with something put into it, or nothing of the kind. */
const line = fc.oneof(
  fc.constantFrom(...SAMPLES),
  fc
    .tuple(fc.constantFrom(...SAMPLES), fc.nat(200), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([sample, at, text]) => sample.slice(0, at) + text + sample.slice(at)),
  fc
    .tuple(fc.constantFrom(...SAMPLES), fc.nat(200), fc.nat(60))
    .map(([sample, at, count]) => sample.slice(0, at) + sample.slice(at + count)),
  fc
    .tuple(fc.constantFrom(...SAMPLES), fc.constantFrom(...'([{ ,.:=-0/'), fc.integer({ min: 1, max: 300 }))
    .map(([sample, sign, count]) => sample.replace(/\d+/, sign.repeat(count))),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

it('never fails, whatever a log holds, and says something of it in every form', () => {
  const property = fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
    const reader = new OomReader({ nowMs: Date.parse('2026-11-20T12:00:00Z') });
    for (const one of lines) reader.read(one);
    const report = reader.report();
    for (const kill of report.kills) {
      expect(kill.pid === null || Number.isSafeInteger(kill.pid)).toBe(true);
      expect(kill.name === null || kill.name.length <= 300).toBe(true);
    }
    expect(formatOom(report, 'en').length).toBeGreaterThan(0);
    expect(oomMarkdown(report, 'zh-CN')).toContain('#');
    for (const kill of report.kills) momentOf(kill, { zoneMinutes: 480, bootedAtMs: 0 });
    JSON.stringify(oomJson(report, 'en'));
  });
  // 8,000 logs of 12.5 lines on average are 100,000 lines.
  fc.assert(property, { numRuns: 8_000 });
});

it('takes no long time over a line made to be slow', () => {
  const reader = new OomReader({ nowMs: 0 });
  const before = process.cpuUsage();
  for (const sample of SAMPLES) {
    for (const piece of ['a ', '( ', ') ', '[1] ', ' 1', ': ', ', ', '- 1 ']) {
      reader.read(sample + piece.repeat(20_000));
      reader.read(piece.repeat(20_000) + sample);
    }
  }
  // Some 5,000 lines of 40 to 80 thousand characters; what grows with the square of the length would take minutes.
  // Of the processor, since whoever else uses the machine is not to be measured.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(5_000);
});

it('reads lines across chunks, without an end, with carriage returns, and what is no UTF-8', async () => {
  const chunks = ['one\r\ntw', 'o\nth', '\nlast'].map((text) => Buffer.from(text));
  const bytes = [...chunks, Buffer.from([0xff, 0xfe]), Buffer.from('\n')];
  const lines: string[] = [];
  for await (const text of readLogLines(streamOf(bytes))) lines.push(text);
  expect(lines).toEqual(['one', 'two', 'th', 'last\ufffd\ufffd']);
});

it('cuts off a line that never ends, and goes on with the next', async () => {
  const lines: string[] = [];
  const endless = [...Array.from({ length: 100 }, () => Buffer.alloc(1_000, 97)), Buffer.from('\nnext\n')];
  for await (const text of readLogLines(streamOf(endless))) lines.push(text);
  expect(lines.map(({ length }) => length)).toEqual([16_384, 4]);
});

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
