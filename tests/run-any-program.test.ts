import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { runMaque, shopFolder } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

const PROGRAM = `
  const { createServer } = require('node:http');
  createServer((request, response) => response.end(JSON.stringify({ pid: process.pid, args: process.argv.slice(2) })))
    .listen(Number(process.env.PORT));
`;

it('keeps workers of a program that knows nothing of Maque', async () => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, 'server.cjs'), PROGRAM);
  const port = await freePort();
  const env = { PORT: String(port) };
  const args = ['run', '--workers', '2', 'server.cjs', '--color', 'red'];
  await using program = await runMaque(args, { cwd: folder.path, env });
  const answer = () =>
    waitUntil('an answer', async () => {
      const response = await fetch(`http://127.0.0.1:${port}`);
      return (await response.json()) as { pid: number; args: string[] };
    });

  const first = await answer();
  expect(first.args).toEqual(['--color', 'red']);
  process.kill(first.pid, 'SIGKILL');
  await program.line(/ended: .*SIGKILL/);
  expect((await answer()).pid).not.toBe(first.pid);

  await using recycle = await runMaque(['recycle', '--data-dir', join(folder.path, 'data')]);
  expect(await recycle.exit(30_000)).toMatchObject({ code: 0 });
  program.signal('SIGTERM');
  expect(await program.exit()).toEqual({ code: 0, signal: null });
});

it.each([
  ['run', ['server.cjs']],
  ['start', [shopFolder, '--memory', '700M']],
])('leaves to the guard what is said to it (maque %s)', async (command, args) => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, 'server.cjs'), PROGRAM);
  const port = await freePort();
  // Of one that was watched by `node --import @maque/guard/register` until now.
  const env = { PORT: String(port), MAQUE_GUARD_METRICS: '9464', MAQUE_GUARD_BASELINE: 'baseline.json' };
  const flags = ['--workers', '1', '--data-dir', join(folder.path, 'data')];
  await using program = await runMaque([command, ...flags, ...args], { cwd: folder.path, env });
  const answered = await waitUntil('an answer', async () => {
    if (program.ended()) throw new Error(program.stderr());
    return (await fetch(`http://127.0.0.1:${port}/`)).status > 0;
  });
  expect(answered).toBe(true);
});

it.each([
  ['does not exist', 'missing.js', undefined, 'missing.js'],
  ['throws at once', 'broken.cjs', 'throw new Error("no such luck")', 'no such luck'],
])('tells why a program that %s is not kept', async (_, script, source, message) => {
  await using folder = await tempFolder();
  if (source !== undefined) await writeFile(join(folder.path, script), source);
  await using program = await runMaque(['run', script], { cwd: folder.path });
  expect(await program.exit()).toMatchObject({ code: 1 });
  expect(program.stderr()).toContain(message);
});

it('asks for the script when there is none', async () => {
  await using program = await runMaque(['run']);
  expect(await program.exit()).toMatchObject({ code: 1 });
  expect(program.stderr()).toContain('maque run <script>');
});
