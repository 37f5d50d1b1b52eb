import { expect, test } from 'vitest';
import { killedIn } from './kernel-kills.ts';

test('who was killed, in a group and on the whole machine', () => {
  const log = `
[ 4711.1] Memory cgroup out of memory: Killed process 812 (node) total-vm:1211960kB, anon-rss:259308kB
[ 4711.2] oom_reaper: reaped process 812 (node), now anon-rss:0kB
[ 4712.9] Out of memory: Killed process 99 (mysqld) total-vm:1kB`;
  expect(killedIn(log)).toEqual([812, 99]);
  expect(killedIn('')).toEqual([]);
});
