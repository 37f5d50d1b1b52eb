import { expect, it } from 'vitest';
import { runCommandLine } from '../cli/run-command-line.ts';
import { recycleCommand } from './recycle.ts';

/** What `maque recycle` complains of in /srv, where nothing runs: the data folder it asked tells where it looked. */
async function complaintOf(...args: string[]): Promise<string> {
  const told: string[] = [];
  const code = await runCommandLine([recycleCommand], ['recycle', ...args], {
    terminal: {
      out: () => undefined,
      error: (text) => void told.push(text),
      isClosed: () => false,
      columns: () => undefined,
      style: (_, text) => text,
    },
    env: {},
    cwd: '/srv',
    installation: { version: '', workerScript: '', preload: new URL('file:///'), consoleDir: '' },
  });
  expect(code).toBe(1);
  return told.join('\n');
}

it.each([
  [[], '/srv/data;'],
  [['w1'], '/srv/data;'],
  [['--app', 'shop'], '/srv/shop/data;'],
  [['w1', '--app', '/opt/shop'], '/opt/shop/data;'],
  [['w1', '--app', 'shop', '--data-dir', 'elsewhere'], '/srv/elsewhere;'],
])('looks with %j for the keeper in %s', async (args, folder) => {
  expect(await complaintOf(...args)).toContain(`data folder ${folder}`);
});
