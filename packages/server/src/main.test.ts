import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { describe, expect, it } from 'vitest';
import { createLinkHub } from '../testing/link-hub.ts';
import { type StartOptions, startServer } from '../testing/start-server.ts';

/** Starts what cannot start; answers with what the keeper was told. */
async function failureOf(options: Omit<StartOptions, 'link'>): Promise<{ code: string; message: string }> {
  const link = createLinkHub().link('w1');
  await expect(startServer({ ...options, link })).rejects.toThrow();
  expect(link.told.ready).toEqual([]);
  expect(link.told.failed).toHaveLength(1);
  return link.told.failed[0] as { code: string; message: string };
}

describe('a server', () => {
  it('tells its keeper where it listens, how it is, and its numbers', async () => {
    await using temp = await tempFolder();
    await using server = await startServer({ dataDir: temp.path });
    expect(server.link.told.ready).toEqual([{ url: server.url }]);
    await waitUntil('two heartbeats', () => server.link.told.reports >= 2);
    expect(server.link.metrics()).toContain('maque_requests_shed_total 0');
  });

  it('takes it for its own shortage when the keeper says that the box is short of memory', async () => {
    await using temp = await tempFolder();
    await using server = await startServer({ dataDir: temp.path });
    server.link.press('critical');
    expect((await sendRequest(server.url, { path: '/readyz' })).status).toBe(503);
    server.link.press('none');
    const isReady = async () => (await sendRequest(server.url, { path: '/readyz' })).status === 200;
    await waitUntil('it to be ready again', isReady);
  });

  it('serves on while its keeper drains it, is not ready for more, and closes when all is settled', async () => {
    await using temp = await tempFolder();
    const server = await startServer({ dataDir: temp.path });
    const settled = Promise.withResolvers<void>();
    const drained = server.link.drain({ reason: 'recycle', deadlineMs: 5_000, settled: settled.promise });
    const during = await sendRequest(server.url, { path: '/readyz' });
    expect([during.status, during.headers.connection]).toEqual([503, 'close']);
    expect(during.text).toContain('SHUTTING_DOWN');
    expect((await sendRequest(server.url, { path: '/api/notes' })).status).toBe(200);
    settled.resolve();
    await drained;
    await expect(sendRequest(server.url, { path: '/healthz' })).rejects.toThrow('ECONNREFUSED');
    const log = readFileSync(join(temp.path, 'logs', 'w1.log'), 'utf8');
    expect(log).toContain('"msg":"serving"');
    expect(log).toContain('"route":"/api/notes"');
  });

  it('keeps everything in its data folder to its owner', async () => {
    await using temp = await tempFolder();
    const data = join(temp.path, 'data');
    mkdirSync(data, { mode: 0o755 });
    await using _server = await startServer({ dataDir: data });
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' });
    expect(names).toContain('maque.db-wal');
    for (const name of names) expect(statSync(join(data, name)).mode & 0o077, name).toBe(0);
  });

  it('can be closed twice', async () => {
    await using temp = await tempFolder();
    const server = await startServer({ dataDir: temp.path });
    await Promise.all([server.close(1_000), server.close(1_000)]);
  });

  it('loads its app from a config module', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'maque.config.mjs');
    const define = join(import.meta.dirname, 'define', 'index.ts');
    writeFileSync(
      path,
      `import { collection, defineApp, field } from ${JSON.stringify(define)};
       const teas = collection({ fields: { name: field.text({ maxLength: 9 }) }, rules: { list: 'public' } });
       export default defineApp({ collections: { teas } });`,
    );
    await using server = await startServer({ dataDir: join(temp.path, 'data'), app: path });
    expect((await sendRequest(server.url, { path: '/api/teas' })).json()).toEqual({
      items: [],
      nextCursor: null,
    });
  });
});

describe('a server that cannot start says why, when', () => {
  it('its port is taken', async () => {
    await using temp = await tempFolder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const failure = await failureOf({ dataDir: temp.path, env: { PORT: String(port), MAQUE_LANG: 'en' } });
    expect(failure).toEqual({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is taken; stop what listens there or choose another with --port`,
    });
    other.close();
  });

  it('its address is not one of this machine', async () => {
    await using temp = await tempFolder();
    expect(await failureOf({ dataDir: temp.path, env: { MAQUE_HOST: '203.0.113.7' } })).toMatchObject({
      code: 'LISTEN_FAILED',
    });
  });

  it('its data folder cannot be written', async () => {
    expect(await failureOf({ dataDir: '/proc/maque', env: { MAQUE_LANG: 'zh-CN' } })).toMatchObject({
      code: 'DATA_DIR_NOT_WRITABLE',
      message: expect.stringContaining('不可写'),
    });
  });

  it('its secrets can be read by others', async () => {
    await using temp = await tempFolder();
    await (await startServer({ dataDir: temp.path })).close(0);
    chmodSync(join(temp.path, 'secrets.json'), 0o644);
    expect(await failureOf({ dataDir: temp.path })).toMatchObject({ code: 'SECRETS_EXPOSED' });
  });

  it('it is to be prod without WeChat', async () => {
    await using temp = await tempFolder();
    const failure = await failureOf({ dataDir: temp.path, env: { MAQUE_ENV: 'prod' } });
    expect(failure.code).toBe('WECHAT_REQUIRED');
  });

  it('its database is not a database', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'maque.db');
    writeFileSync(path, randomBytes(5_000));
    expect(await failureOf({ dataDir: temp.path, env: { MAQUE_LANG: 'en' } })).toEqual({
      code: 'DATABASE_DAMAGED',
      message: `${path} is damaged or not a database; put a backup in its place (without the -wal and -shm files beside it): file is not a database`,
    });
  });

  it('its database begins as one, but what follows is damaged', async () => {
    await using temp = await tempFolder();
    await (await startServer({ dataDir: temp.path })).close(0);
    const path = join(temp.path, 'maque.db');
    const bytes = readFileSync(path);
    // The header of the file takes 100 bytes; behind it begins the tree of the schema.
    writeFileSync(path, bytes.fill(0xff, 100));
    const failure = await failureOf({ dataDir: temp.path, env: { MAQUE_LANG: 'zh-CN' } });
    expect(failure).toMatchObject({ code: 'DATABASE_DAMAGED', message: expect.stringContaining('备份') });
  });

  it.each([
    ['is missing', undefined, 'APP_NOT_FOUND', 'maque.config.mjs'],
    ['throws', 'throw new Error("no such tea")', 'APP_FAILED', 'no such tea'],
    ['is no JavaScript', 'export default {', 'APP_FAILED', 'maque.config.mjs'],
    ['exports nothing', 'export const app = 1', 'APP_INVALID', 'defineApp'],
    ['exports something else', 'export default { collections: {} }', 'APP_INVALID', 'defineApp'],
  ])('its config module %s', async (_case, text, code, words) => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'maque.config.mjs');
    if (text !== undefined) writeFileSync(path, text);
    const failure = await failureOf({ dataDir: join(temp.path, 'data'), app: path });
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  it('its app does not hold together, with every problem of it', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'maque.config.mjs');
    const define = join(import.meta.dirname, 'define', 'index.ts');
    writeFileSync(
      path,
      `import { collection, defineApp } from ${JSON.stringify(define)};
       export default defineApp({ collections: { me: collection({ fields: {}, rules: {} }) } });`,
    );
    const failure = await failureOf({
      dataDir: join(temp.path, 'data'),
      app: path,
      env: { MAQUE_LANG: 'zh-CN' },
    });
    expect(failure.code).toBe('APP_FAILED');
    expect(failure.message).toContain('collections.me');
    expect(failure.message).toContain('保留');
  });
});
