import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { runMaque, startMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

const CONFIG = `
export default {
  type: 'app', collections: {}, routes: [{
    method: 'GET', path: '/name', auth: 'public', status: 200,
    handler: () => ({ name: process.env.SHOP_NAME }),
  }],
  middleware: [], roles: [], wechat: {},
};
`;

const isServing = (port: number) =>
  waitUntil(`port ${port} to serve`, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 20_000);

it('runs two environments of one app on one box, which share nothing', async () => {
  await using app = await tempFolder();
  await writeFile(join(app.path, 'maque.config.mjs'), CONFIG);
  const ports = { dev: await freePort(), staging: await freePort() };
  await writeFile(
    join(app.path, '.env'),
    `PORT=${ports.dev}\nSHOP_NAME=dev shop\nMAQUE_WORKERS=1\nMAQUE_MEMORY=600M`,
  );
  await writeFile(join(app.path, '.env.staging'), `PORT=${ports.staging}\nSHOP_NAME=staged shop`);

  await using dev = await runMaque(['start', app.path]);
  await using staging = await runMaque(['start', app.path, '--env', 'staging']);
  await Promise.all([isServing(ports.dev), isServing(ports.staging)]);
  const nameAt = async (port: number) => (await fetch(`http://127.0.0.1:${port}/api/name`)).json();
  expect(await nameAt(ports.dev)).toEqual({ name: 'dev shop' });
  expect(await nameAt(ports.staging)).toEqual({ name: 'staged shop' });
  expect(await readdir(app.path)).toEqual(expect.arrayContaining(['data', 'data-staging']));

  await using processes = await runMaque(['ps', app.path, '--env', 'staging', '--json']);
  expect((await processes.exit()).code).toBe(0);
  const pids = JSON.parse(processes.stdout()).processes.map(({ pid }: { pid: number }) => pid);
  expect(pids).toContain(staging.pid);
  expect(pids).not.toContain(dev.pid);
});

it('refuses an environment the data of another', async () => {
  await using app = await tempFolder();
  await writeFile(join(app.path, 'maque.config.mjs'), CONFIG);
  const dataDir = join(app.path, 'data');
  await using dev = await startMaque({ appDir: app.path, dataDir, args: ['--workers', '1'] });
  await dev.stop();
  const port = String(await freePort());
  await using staging = await runMaque([
    'start',
    app.path,
    '--env',
    'staging',
    '--data-dir',
    dataDir,
    '--port',
    port,
  ]);
  expect((await staging.exit()).code).toBe(1);
  expect(staging.stderr()).toContain('DATA_DIR_OF_OTHER_ENVIRONMENT');
  expect(staging.stderr()).toContain('--data-dir');
});
