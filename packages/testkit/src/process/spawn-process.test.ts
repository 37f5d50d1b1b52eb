import { expect, it } from 'vitest';
import { spawnProcess } from './spawn-process.ts';
import { waitUntil } from './wait-until.ts';

const node = (script: string) => spawnProcess(process.execPath, ['-e', script]);

it('waits for a line and gives what matched', async () => {
  await using child = await node('console.log("starting"); setTimeout(() => console.error("port 4711"), 50)');
  const [, port] = await child.line(/port (\d+)/);
  expect(port).toBe('4711');
  expect(await child.exit()).toEqual({ code: 0, signal: null });
  expect(child.stdout()).toBe('starting\n');
});

it('shows the output when the process ends without the line', async () => {
  await using child = await node('console.error("no such thing"); process.exit(3)');
  await expect(child.line(/ready/)).rejects.toThrow('no such thing');
  expect(await child.exit()).toEqual({ code: 3, signal: null });
});

it('ends the children of a process with it', async () => {
  let childPid = 0;
  {
    await using parent = await node(
      `const { pid } = require('node:child_process').spawn('sleep', ['600']); console.log('child', pid);
       setInterval(() => {}, 1000)`,
    );
    childPid = Number((await parent.line(/child (\d+)/))[1]);
    expect(process.kill(childPid, 0)).toBe(true);
  }
  await waitUntil('the child to be gone', () => !isAlive(childPid));
});

it('keeps the end of an endless output only', async () => {
  await using child = await node('console.log("x".repeat(400_000)); console.log("last")');
  await child.line(/last/);
  expect(child.stdout().length).toBeLessThanOrEqual(256 * 1024);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
