import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveSettings } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { dataDirOf } from './data-dir.ts';
import { readSettingsSources } from './settings-sources.ts';
import { maqueSettings } from './settings-table.ts';

const NOTHING = { env: {}, flags: {} };

it('reads .env, and the file of the environment over it', async () => {
  await using app = await tempFolder();
  await writeFile(join(app.path, '.env'), 'PORT=8001\nMAQUE_LOG_FILES=7\nSHOP_NAME=sparrow');
  await writeFile(join(app.path, '.env.staging'), 'PORT=8002\nSHOP_NAME=sparrow-staging');
  const read = (
    input: Partial<typeof NOTHING> & { env?: NodeJS.ProcessEnv; flags?: Record<string, string> },
  ) => {
    const { sources, variables } = readSettingsSources(app.path, { ...NOTHING, ...input });
    const { port, logFiles } = resolveSettings(maqueSettings, sources).values;
    return [port, logFiles, variables.SHOP_NAME];
  };
  expect(read({})).toEqual([8001, 7, 'sparrow']);
  expect(read({ flags: { env: 'staging' } })).toEqual([8002, 7, 'sparrow-staging']);
  expect(read({ env: { MAQUE_ENV: 'staging' } })).toEqual([8002, 7, 'sparrow-staging']);
  expect(read({ env: { MAQUE_ENV: 'staging' }, flags: { env: 'dev' } })).toEqual([8001, 7, 'sparrow']);
  expect(read({ env: { MAQUE_ENV: 'staging', PORT: '8003' } })).toEqual([8003, 7, 'sparrow-staging']);
});

it('takes the environment from .env where nobody says another', async () => {
  await using app = await tempFolder();
  await writeFile(join(app.path, '.env'), 'MAQUE_ENV=prod');
  await writeFile(join(app.path, '.env.prod'), 'PORT=8009');
  const { values } = resolveSettings(maqueSettings, readSettingsSources(app.path, NOTHING).sources);
  expect([values.env, values.port]).toEqual(['prod', 8009]);
});

it('says which file cannot be read', async () => {
  await using app = await tempFolder();
  await mkdir(join(app.path, '.env.staging'));
  const read = () => readSettingsSources(app.path, { env: {}, flags: { env: 'staging' } });
  expect(read).toThrow(expect.objectContaining({ code: 'DOTENV_UNREADABLE' }));
  expect(() => readSettingsSources(app.path, NOTHING)).not.toThrow();
});

it('gives each environment a data folder of its own', () => {
  const place = { appDir: '/srv/shop', cwd: '/home/me' };
  const dataDir = (env: NodeJS.ProcessEnv) =>
    dataDirOf(resolveSettings(maqueSettings, [{ kind: 'env', label: 'environment', entries: env }]), place);
  expect(dataDir({})).toBe('/srv/shop/data');
  expect(dataDir({ MAQUE_ENV: 'staging' })).toBe('/srv/shop/data-staging');
  expect(dataDir({ MAQUE_ENV: 'prod' })).toBe('/srv/shop/data-prod');
  expect(dataDir({ MAQUE_ENV: 'prod', MAQUE_DATA_DIR: 'mine' })).toBe('/home/me/mine');
});
