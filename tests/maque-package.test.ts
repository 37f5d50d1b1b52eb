import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppWithPackage, appWithPackage } from './installed-package.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const exec = promisify(execFile);

let app: AppWithPackage;

beforeAll(async () => {
  app = await appWithPackage('maque');
}, 60_000);
afterAll(() => app[Symbol.asyncDispose]());

async function start(command: string, ...args: string[]) {
  const port = await freePort();
  const { NODE_OPTIONS: _runner, ...env } = process.env;
  const maque = join(app.path, 'node_modules', '.bin', 'maque');
  const flags = ['--workers', '1', '--metrics-port', '0', '--data-dir', `data-of-${command}`];
  const child = await spawnProcess(process.execPath, [maque, command, ...flags, ...args], {
    cwd: app.path,
    env: { ...env, PORT: String(port) },
  });
  const text = (path: string) =>
    waitUntil(`an answer (${child.stderr()})`, async () => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return response.ok && (await response.text());
    });
  return { text, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

it('brings everything along: no dependency, no second package', async () => {
  const installed = await readdir(join(app.path, 'node_modules'));
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['maque']);
  const manifest = await readFile(join(app.path, 'node_modules', 'maque', 'package.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ bin: { maque: './bin/maque.js' }, dependencies: {} });
});

it('keeps any program', async () => {
  await writeFile(
    join(app.path, 'server.cjs'),
    `require('node:http').createServer((_request, response) => response.end('kept')).listen(process.env.PORT);`,
  );
  await using program = await start('run', 'server.cjs');
  expect(await program.text('/')).toBe('kept');
});

it('serves an app that is written with its types, and the console', async () => {
  const config = `
    import { collection, defineApp, field } from 'maque';
    const notes = collection({ fields: { text: field.text({ maxLength: 500 }) }, rules: { list: 'public' } });
    // @ts-expect-error: no such option
    field.text({ maxLenght: 500 });
    const app = defineApp({ collections: { notes } });
    export type App = typeof app;
    export default app;`;
  await writeFile(join(app.path, 'maque.config.ts'), config);
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', ''];
  const compile = exec(tsc, [...strict, 'maque.config.ts'], { cwd: app.path });
  const { stdout }: { stdout: string } = await compile.catch((error) => error);
  expect(stdout).toBe('');
  await using server = await start('start');
  expect(JSON.parse(await server.text('/api/notes'))).toEqual({ items: [], nextCursor: null });
  expect(await server.text('/_/')).toContain('<html');
});
