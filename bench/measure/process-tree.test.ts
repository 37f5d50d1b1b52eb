import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { treeCpuSeconds, treeMemory, treeOf } from './process-tree.ts';

const BURN = 'const end = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < end) {}';
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that runs another to its end, says so, and waits. */
async function startParent(childCode: string): Promise<number> {
  const code = `
    const { spawnSync } = require('node:child_process');
    spawnSync(process.execPath, ['-e', ${JSON.stringify(childCode)}]);
    process.stdout.write('done');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  if (child.pid === undefined || child.stdout === null) throw new Error('no child');
  await once(child.stdout, 'data');
  return child.pid;
}

test('the time of children that have ended counts', async () => {
  const idle = treeCpuSeconds([await startParent('')]);
  const busy = treeCpuSeconds([await startParent(BURN)]);
  expect(busy - idle).toBeGreaterThan(0.15);
});

test('a tree is its root and all that live below it', async () => {
  const parent = await startParent('');
  expect(treeOf([parent])).toEqual([parent]);
  expect(treeOf([process.pid])).toEqual(expect.arrayContaining([process.pid, parent]));
});

test('shared pages count once: PSS is more than nothing and less than RSS', async () => {
  const { rss, pss } = treeMemory([await startParent('')]);
  expect(pss).toBeGreaterThan(1024 * 1024);
  expect(pss).toBeLessThan(rss);
});

test('a process that is gone is no error', () => {
  expect(treeOf([2 ** 30])).toEqual([]);
  expect(treeMemory([2 ** 30])).toEqual({ rss: 0, pss: 0 });
});
