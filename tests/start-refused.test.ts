import { readdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { runMaque, shopFolder, startMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';

/** Tries to start the shop on a fresh data folder; answers how that ended and what it left behind. */
async function tryStart(args: string[], env: Record<string, string> = {}) {
  await using folder = await tempFolder();
  const dataDir = join(folder.path, 'data');
  const port = ['--port', String(await freePort())];
  await using child = await runMaque(['start', shopFolder, ...port, '--data-dir', dataDir, ...args], { env });
  const { code } = await child.exit();
  const written = await readdir(folder.path);
  return { code, error: child.stderr(), out: child.stdout(), written };
}

it('refuses misspelled settings, all at once, with the nearest right one', async () => {
  const { code, error, written } = await tryStart(['--log-levle', 'x'], {});
  expect(code).toBe(1);
  expect(error).toContain('--log-levle');

  const settings = await tryStart([], {
    MAQUE_TOKEN_TLL: '1h',
    MAQUE_BODY_LIMIT: 'huge',
    MAQUE_WORKERS: '0',
  });
  expect(settings.code).toBe(1);
  expect(settings.error).toContain('unknown setting MAQUE_TOKEN_TLL; did you mean MAQUE_TOKEN_TTL?');
  expect(settings.error).toContain('MAQUE_BODY_LIMIT must be a size');
  expect(settings.error).toContain('MAQUE_WORKERS must be from 1 to 64');
  expect([...written, ...settings.written]).toEqual([]);
});

it('never shows a secret that it complains about', async () => {
  const { error } = await tryStart([], { MAQUE_WECHAT_SECRET: 'hunter2', MAQUE_TOKEN_TLL: '1h' });
  expect(error).not.toContain('hunter2');
});

it('refuses prod without an AppID, since the simulator would let anyone in as anyone', async () => {
  const { code, error, written } = await tryStart(['--env', 'prod']);
  expect(code).toBe(1);
  expect(error).toContain('WECHAT_REQUIRED');
  expect(error).toContain('--allow-no-wechat');
  expect(written).toEqual([]);
});

it('refuses prod that talks to something else than WeChat', async () => {
  const env = {
    MAQUE_WECHAT_APP_ID: 'wx1',
    MAQUE_WECHAT_SECRET: 's',
    MAQUE_WECHAT_BASE_URL: 'http://127.0.0.1:1',
  };
  const { code, error } = await tryStart(['--env', 'prod'], env);
  expect(code).toBe(1);
  expect(error).toContain('SIMULATOR_IN_PROD');
});

it('refuses a budget that is too small, with the whole sum and exit code 2', async () => {
  const { code, error, written } = await tryStart(['--memory', '200M', '--workers', '2']);
  expect(code).toBe(2);
  for (const part of ['Node program', 'JavaScript heap', 'SQLite page cache', 'in all'])
    expect(error).toContain(part);
  expect(error).toMatch(/--memory \d+M/);
  expect(written).toEqual([]);
});

it('says the same in Chinese', async () => {
  const { code, error } = await tryStart(['--memory', '200M', '--lang', 'zh-CN']);
  expect(code).toBe(2);
  expect(error).toContain('装不下');
});

it('refuses a port that is taken, before any worker starts', async () => {
  await using folder = await tempFolder();
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => taken.once('listening', listening));
  const { port } = taken.address() as AddressInfo;
  await using child = await runMaque([
    'start',
    shopFolder,
    '--port',
    String(port),
    '--data-dir',
    folder.path,
  ]);
  expect(await child.exit()).toMatchObject({ code: 1 });
  expect(child.stderr()).toContain('PORT_IN_USE');
  expect(child.stderr()).toContain(String(port));
  expect(await readdir(folder.path)).toEqual([]);
  taken.close();
});

it('refuses a data folder that is no folder', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'data');
  await writeFile(file, '');
  await using child = await runMaque(['start', shopFolder, '--port', '0', '--data-dir', file]);
  expect(await child.exit()).toMatchObject({ code: 1 });
  expect(child.stderr()).toContain('DATA_DIR_NOT_A_FOLDER');
});

it('refuses a data folder that cannot be written', async () => {
  await using folder = await tempFolder();
  // Not even root can make a folder in /proc, where a mode would not stop it.
  const link = join(folder.path, 'data');
  await symlink('/proc/self', link);
  await using child = await runMaque(['start', shopFolder, '--port', '0', '--data-dir', join(link, 'data')]);
  expect(await child.exit()).toMatchObject({ code: 1 });
  expect(child.stderr()).toContain('DATA_DIR_NOT_WRITABLE');
});

it('refuses a second start on the same data folder and leaves the first alone', async () => {
  await using first = await startMaque();
  const port = String(await freePort());
  await using second = await runMaque(['start', shopFolder, '--port', port, '--data-dir', first.dataDir]);
  expect(await second.exit()).toMatchObject({ code: 1 });
  expect(second.stderr()).toContain('ALREADY_RUNNING');
  expect(second.stderr()).toContain(String(first.process.pid));
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
});

it('refuses a folder without an app', async () => {
  await using folder = await tempFolder();
  await using child = await runMaque(['start', folder.path]);
  expect(await child.exit()).toMatchObject({ code: 1 });
  expect(child.stderr()).toContain('APP_FOLDER_WITHOUT_CONFIG');
});

it.each([
  ['throws', 'throw new Error("no such luck")', 'no such luck'],
  ['exports nothing', 'export const app = 1', 'APP_INVALID'],
  ['does not parse', 'export default {', 'APP_FAILED'],
])('tells in one block why an app that %s does not start', async (_, source, message) => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, 'maque.config.mjs'), source);
  const args = ['start', folder.path, '--port', '0', '--data-dir', join(folder.path, 'data')];
  await using child = await runMaque(args);
  expect(await child.exit()).toMatchObject({ code: 1 });
  expect(child.stderr()).toContain(message);
  expect(child.stderr()).toContain(join(folder.path, 'maque.config.mjs'));
  // Told once, not by each worker.
  expect(child.stderr().match(/✖/g)).toHaveLength(1);
});
