import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';

async function maque(args: string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
  await using child = await runMaque(args, options);
  const { code } = await child.exit();
  return { code, out: child.stdout(), error: child.stderr() };
}

it.each([
  'dev',
  'start',
  'run',
  'ps',
  'top',
  'logs',
  'events',
  'recycle',
  'deploy',
  'snapshot',
  'plan',
  'config',
  'db diff',
  'db migrate',
  'db rollback',
  'db history',
  'admin link',
  'alert test',
  'guard replay',
  'guard redact',
  'wechat-sim',
])('helps with %s in both languages', async (name) => {
  const english = await maque([...name.split(' '), '--help']);
  expect(english).toMatchObject({ code: 0, error: '' });
  expect(english.out).toContain(`Usage: maque ${name}`);
  const chinese = await maque([...name.split(' '), '--help', '--lang', 'zh-CN']);
  expect(chinese.out).toContain(`用法：maque ${name}`);
});

it('lists its commands, and names the nearest to one that it does not know', async () => {
  expect((await maque(['--help'])).out).toMatch(/start \[appDir\] +Run an app/);
  expect(await maque(['strat'])).toMatchObject({ code: 1, error: expect.stringContaining('maque start') });
  expect((await maque(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('shows each setting with its value and its origin, secrets never', async () => {
  await using folder = await tempFolder();
  await writeFile(
    join(folder.path, '.env'),
    'MAQUE_WECHAT_APP_ID=wx42\nMAQUE_WECHAT_SECRET=hunter2\nOTHER=1\n',
  );
  const env = { MAQUE_TOKEN_TTL: '2h' };
  const { code, out } = await maque(['config', '--port', '81', '--json'], { cwd: folder.path, env });
  expect(code).toBe(0);
  expect(out).not.toContain('hunter2');
  const { settings } = JSON.parse(out) as { settings: { env: string }[] };
  const row = (name: string) => settings.find((setting) => setting.env === name);
  expect(row('PORT')).toMatchObject({ value: 81, origin: 'command line' });
  expect(row('MAQUE_TOKEN_TTL')).toMatchObject({ shown: '2 h', origin: 'environment' });
  expect(row('MAQUE_WECHAT_APP_ID')).toMatchObject({ value: 'wx42', origin: '.env' });
  expect(row('MAQUE_WECHAT_SECRET')).toMatchObject({ value: '(set)' });
  expect(row('MAQUE_CACHE_MEMORY')).toMatchObject({ origin: 'memory budget' });
  expect(row('MAQUE_HOST')).toMatchObject({ value: '127.0.0.1', origin: 'default' });

  const table = await maque(['config'], { cwd: folder.path, env });
  expect(table.out).toMatch(/MAQUE_TOKEN_TTL +2 h +environment/);
  expect(table.out).not.toContain('hunter2');
});

it('prints the budget that start would use', async () => {
  const { code, out } = await maque(['plan', '--only-app', '--memory', '512M', '--workers', '2', '--json']);
  expect(code).toBe(0);
  const { plan } = JSON.parse(out) as { plan: { lines: { bytes: number }[]; workers: number } };
  expect(plan.workers).toBe(2);
  expect(plan.lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(512 * 1024 * 1024);
  expect(await maque(['plan', '--only-app', '--memory', '64M'])).toMatchObject({ code: 2 });
});

it('says that nothing runs where nothing runs', async () => {
  await using folder = await tempFolder();
  for (const command of ['ps', 'top', 'recycle', 'deploy']) {
    const { code, error } = await maque([command, '--data-dir', folder.path]);
    expect(code).toBe(1);
    expect(error).toContain('NOT_RUNNING');
    expect(error).toContain(folder.path);
  }
});

it('runs the WeChat simulator by itself', async () => {
  await using child = await runMaque(['wechat-sim', '--port', '0', '--app-id', 'wx1', '--secret', 's']);
  const [, url] = await child.line(/(http:\/\/127\.0\.0\.1:\d+)/);
  const query = 'appid=wx1&secret=s&js_code=demo-1&grant_type=authorization_code';
  const answer = await fetch(`${url}/sns/jscode2session?${query}`);
  expect(await answer.json()).toMatchObject({ openid: expect.any(String), session_key: expect.any(String) });
  child.signal('SIGINT');
  expect(await child.exit()).toEqual({ code: 0, signal: null });
});
