import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createManualClock, HOUR, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callerOf, claimConsole } from '../../../testing/console-client.ts';
import { createLinkHub } from '../../../testing/link-hub.ts';
import { startServer } from '../../../testing/start-server.ts';
import { collection, defineApp, field, role, route } from '../../define/index.ts';
import { redactText } from '../../logging/redact.ts';
import { isSecretOf, newApiKey, readApiKey } from './api-key.ts';

const app = defineApp({
  collections: {
    stock: collection({
      fields: { count: field.int() },
      rules: { list: 'user', create: role('importer'), delete: 'admin' },
    }),
  },
  routes: [route.get('/secrets', { auth: 'admin' }, async () => ({ ok: true }))],
  roles: ['importer'],
});
const clock = createManualClock(Date.now());
const opened = new AsyncDisposableStack();
let dataDir: string;
let call: Call;
let elsewhere: Call;
let admin: string;

beforeAll(async () => {
  dataDir = opened.use(await tempFolder()).path;
  const hub = createLinkHub();
  call = callerOf(opened.use(await startServer({ dataDir, clock, app, link: hub.link('w1') })));
  elsewhere = callerOf(opened.use(await startServer({ dataDir, clock, app, link: hub.link('w2') })));
  admin = await claimConsole(call, dataDir);
});
afterAll(() => opened.disposeAsync());

const makeKey = async (wished: object) =>
  (await call('POST', '/api/admin/keys', { token: admin, body: { name: 'erp', roles: [], ...wished } })).json;
const keys = async () => (await call('GET', '/api/admin/keys', { token: admin })).json.items;

describe('an API key', () => {
  it('does what its roles allow, in every worker, until it is revoked', async () => {
    const { id, key } = await makeKey({ roles: ['importer'] });
    expect(key).toMatch(/^mq_[0-9a-z]{20}_[\w-]{43}$/);
    const create = (from: Call) => from('POST', '/api/stock', { token: key, body: { count: 1 } });
    expect((await create(call)).status).toBe(201);
    expect((await create(elsewhere)).status).toBe(201);
    // A machine is no user, and no member of staff.
    expect((await call('GET', '/api/stock', { token: key })).code).toBe('FORBIDDEN');
    for (const path of ['/api/me', '/api/admin/me', '/api/admin/status', '/api/secrets']) {
      expect([path, (await call('GET', path, { token: key })).code]).toEqual([path, 'FORBIDDEN']);
    }
    expect((await call('DELETE', `/api/admin/keys/${id}`, { token: admin })).status).toBe(204);
    expect((await create(call)).code).toBe('TOKEN_INVALID');
    await waitUntil(
      'the other worker to know',
      async () => (await create(elsewhere)).code === 'TOKEN_INVALID',
    );
  });

  it('with the role admin passes as an admin, but lets nobody in', async () => {
    const { key } = await makeKey({ roles: ['admin'] });
    const read = (path: string) => call('GET', path, { token: key });
    expect((await read('/api/secrets')).status).toBe(200);
    expect((await read('/api/admin/status')).status).toBe(200);
    const doors: [string, object][] = [
      ['/api/admin/keys', { name: 'more', roles: ['admin'] }],
      ['/api/admin/staff/invitations', { roles: ['admin'] }],
    ];
    for (const [path, body] of doors) {
      expect((await call('POST', path, { token: key, body })).code).toBe('FORBIDDEN');
    }
    expect((await read('/api/admin/me')).code).toBe('FORBIDDEN');
  });

  it('is shown once, and the database holds nothing that could be used', async () => {
    const { key, id } = await makeKey({ roles: [] });
    const listed = (await keys()).find((one: { id: string }) => one.id === id);
    expect(listed).toEqual({
      ...{ id, name: 'erp', roles: [], createdBy: expect.any(String), createdAt: expect.any(String) },
      ...{ expiresAt: null, lastUsedAt: null },
    });
    // `mq_<id>_<secret>`: the secret may hold a `_` itself.
    const secret = key.split('_').slice(2).join('_');
    expect(secret.length).toBeGreaterThan(20);
    for (const file of ['maque.db', 'maque.db-wal']) {
      expect(readFileSync(join(dataDir, file), 'latin1')).not.toContain(secret);
    }
  });

  it('ends when it was said to, and tells when it was used last', async () => {
    const expiresAt = new Date(clock.now() + HOUR).toISOString();
    const { key, id } = await makeKey({ roles: ['importer'], expiresAt });
    const use = () => call('POST', '/api/stock', { token: key, body: { count: 1 } });
    await use();
    const used = async () => (await keys()).find((one: { id: string }) => one.id === id).lastUsedAt;
    const first = await used();
    expect(Date.parse(first)).toBe(Math.floor(clock.now()));
    clock.advance(2 * MINUTE);
    await use();
    expect(await used()).not.toBe(first);
    clock.advance(HOUR);
    expect((await use()).code).toBe('TOKEN_EXPIRED');
  });

  it.each([
    ['a role that nobody knows', { roles: ['root'] }, 'VALIDATION_FAILED'],
    ['an end that is over', { expiresAt: '2020-01-01T00:00:00.000Z' }, 'VALIDATION_FAILED'],
    ['no name', { name: '' }, 'VALIDATION_FAILED'],
  ])('is not made with %s', async (_case, wished, code) => {
    expect((await makeKey(wished)).error.code).toBe(code);
  });

  it.each([
    ['cut short', (key: string) => key.slice(0, -1)],
    ['changed at its end', (key: string) => key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')],
    ['of another id', (key: string) => key.replace(/^mq_./, 'mq_z')],
    ['followed by something', (key: string) => `${key}x`],
    ['only its beginning', () => 'mq_'],
  ])('is not taken when it is %s', async (_case, change) => {
    const { key } = await makeKey({ roles: ['admin'] });
    expect((await call('GET', '/api/secrets', { token: change(key) })).code).toBe('TOKEN_INVALID');
  });
});

it('has a secret that fits its own hash only', () => {
  const [one, two] = [newApiKey('0'.repeat(20)), newApiKey('0'.repeat(20))];
  const secret = readApiKey(one.key)?.secret ?? '';
  expect([isSecretOf(one.hash, secret), isSecretOf(two.hash, secret)]).toEqual([true, false]);
  // Not even where somebody logs it by hand.
  expect(redactText(`the key ${one.key} is new`)).toBe('the key *** is new');
});
