import { describe, expect, it } from 'vitest';
import { logNames, reportOf, textOfLog } from '../../testing/recorded-oom.ts';
import { displayWidth } from '../present/display-width.ts';
import { plain } from '../present/style.ts';
import { formatOom } from './format-oom.ts';

describe.each(['en', 'zh-CN'] as const)('formatOom in %s', (language) => {
  it.each(logNames())('fits into a terminal of 80 columns, but for lines to copy and names: %s', (name) => {
    const lines = formatOom(reportOf(textOfLog(name)), language, plain, [], 80);
    const sentences = lines.filter((line) => !/^ {6}\S|\S{40}/.test(line));
    for (const line of sentences) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });
});

it('names the machine of each kill where a log is of several', () => {
  const killed = (host: string, pid: number) =>
    `May  1 08:00:00 ${host} kernel: Out of memory: Killed process ${pid} (node) total-vm:9kB, anon-rss:8kB, file-rss:0kB`;
  const text = formatOom(reportOf(`${killed('shop-1', 5)}\n${killed('shop-2', 6)}`), 'en').join('\n');
  expect(text).toContain('shop-1: node (5) · kernel-oom');
  expect(text).toContain('shop-2: node (6) · kernel-oom');
  expect(formatOom(reportOf(killed('shop-1', 5)), 'en').join('\n')).not.toContain('shop-1');
});

it('what a line does not tell is said in words, in both languages', () => {
  const lines = [
    'Memory cgroup out of memory: Kill process 7 (node) score 900 or sacrifice child',
    'pm2: Process 0 restarted because it exceeds --max-memory-restart value',
    'systemd-oomd[5]: Killed /a/b.scope due to memory pressure for /a being 57.97% > 50.00% for > 20s',
  ];
  for (const language of ['en', 'zh-CN'] as const) {
    const text = formatOom(reportOf(lines.join('\n')), language).join('\n');
    expect(text).not.toMatch(/\?|undefined|null|memory-pressure/);
    if (language === 'zh-CN') expect(text).not.toMatch(/a control group|a signal|[^ -~]:/);
  }
});
