import { expect, test } from 'vitest';
import { readExactCpu } from './exact-cpu.ts';

test('tells what a process has used, far below a tick', () => {
  const before = readExactCpu(process.pid);
  const usage = process.cpuUsage();
  while (process.cpuUsage(usage).user < 30_000);
  const burnt = process.cpuUsage(usage);
  const seconds = readExactCpu(process.pid).seconds - before.seconds;
  expect(seconds / ((burnt.user + burnt.system) / 1e6)).toBeGreaterThan(0.8);
  expect(seconds).toBeLessThan(0.5);
});

test('a process that is gone is an error, not a figure', () => {
  expect(() => readExactCpu(2 ** 30)).toThrow('ENOENT');
});
