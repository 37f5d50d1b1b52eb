import { describe, expect, it } from 'vitest';
import { formatOom, oomMarkdown } from './format-oom.ts';
import type { Kill } from './kill.ts';
import { OomReader } from './oom-reader.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('of a log of many kills', () => {
  const PROGRAMS = 30;
  const COUNT = 120;
  const reader = new OomReader({ nowMs: NOW });
  for (let at = 1; at <= COUNT; at += 1) {
    const name = at % 3 === 0 ? 'java' : 'node';
    const lead = `2026-05-01T${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}:00 box kernel: `;
    reader.read(`${lead}${name} invoked oom-killer: gfp_mask=0xcc0, order=0, oom_score_adj=0`);
    for (let pid = 1; pid <= PROGRAMS; pid += 1)
      reader.read(
        `${lead}[${pid}]     0 ${pid}   9999    ${1_000 - pid}     230        4             0 program-${pid}`,
      );
    reader.read(
      `${lead}Out of memory: Killed process ${1_000 + at} (${name}) total-vm:9kB, anon-rss:${at}kB, file-rss:0kB`,
    );
  }
  const report = reader.report();

  it('the newest keep all of the table of the kernel, older ones their largest and the sum of the others', () => {
    const sumOf = ({ memory, memoryLeftOut }: Kill) => [
      memory.length + memoryLeftOut.programs,
      memory.reduce((sum, { residentKb }) => sum + residentKb, memoryLeftOut.residentKb),
      memory.reduce((sum, { swappedKb }) => sum + swappedKb, memoryLeftOut.swappedKb),
    ];
    expect(report.kills).toHaveLength(COUNT);
    expect(report.kills.map(({ memory }) => memory.length)).toEqual([
      ...Array.from({ length: 20 }, () => 8),
      ...Array.from({ length: 100 }, () => PROGRAMS),
    ]);
    for (const kill of report.kills) expect(sumOf(kill)).toEqual(sumOf(report.kills.at(-1) as Kill));
    expect(report.kills[0]?.memory[0]).toMatchObject({ name: 'program-1', residentKb: 999 * 4 });
  });

  it.each([
    [
      'en',
      /110 earlier, in short.*\n.*times.*\n.*\n +74 {2}node · kernel-oom +2026-05-01T00:01:00 +2026-05-01T01:50:00\n +36 {2}java · kernel-oom/,
    ],
    [
      'zh-CN',
      /更早的 110 次.*\n.*次数.*\n.*\n +74 {2}node · kernel-oom +2026-05-01T00:01:00 +2026-05-01T01:50:00\n +36 {2}java · kernel-oom/,
    ],
  ] as const)('the older ones are told by what they have in common: %s', (language, expected) => {
    const text = formatOom(report, language).join('\n');
    expect(text).toMatch(expected);
    expect(text.match(/^2026-05-01T\d\d:\d\d:00 {2}/gm)).toHaveLength(10);
    expect(oomMarkdown(report, language)).toMatch(expected);
  });
});
