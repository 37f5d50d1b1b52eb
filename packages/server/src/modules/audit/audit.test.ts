import { join } from 'node:path';
import { createManualClock, DAY, HOUR, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callerOf, claimConsole, joinStaff, OWNER } from '../../../testing/console-client.ts';
import { logIn, startServer, startWechat } from '../../../testing/start-server.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { collection, defineApp, field, role } from '../../define/index.ts';
import { migrations } from '../../migrations.ts';
import { type AuditEntry, AuditLog } from './audit-log.ts';

const app = defineApp({
  collections: {
    products: collection({
      fields: { name: field.text({ maxLength: 50 }), price_fen: field.money() },
      rules: { list: 'public', create: [role('editor'), 'user'], update: role('editor') },
    }),
  },
  roles: ['editor'],
});
const opened = new AsyncDisposableStack();
let call: Call;
let admin: string;
let editor: string;
let user: string;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await tempFolder());
  const { url: simulator } = opened.use(await startWechat());
  const env = { MAQUE_TRUSTED_PROXY: '127.0.0.1' };
  const server = opened.use(await startServer({ dataDir, simulator, app, env }));
  call = callerOf(server);
  admin = await claimConsole(call, dataDir);
  editor = await joinStaff(call, admin, ['editor'], { name: 'mei', password: 'long enough' });
  user = await logIn(server, 'demo-1');
});
afterAll(() => opened.disposeAsync());

const entries = async (query = '') =>
  (await call('GET', `/api/admin/audit?${query}`, { token: admin })).json.items;
const product = { name: 'tea', price_fen: 100 };

describe('the audit log', () => {
  it('tells who of the staff changed which fields of what, from where, by which request', async () => {
    const created = await call('POST', '/api/products', { token: editor, body: product });
    const path = `/api/products/${created.json.id}`;
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    await call('PATCH', path, { token: editor, body: { price_fen: 1 }, headers });
    expect(await entries(`target=${created.json.id}`)).toMatchObject([
      {
        ...{ actorKind: 'staff', actorName: 'mei', action: 'PATCH /api/products/:id', status: 200 },
        ...{
          ip: '203.0.113.7',
          details: { fields: ['price_fen'] },
          requestId: expect.stringMatching(/\w+-\w+/),
        },
      },
      {
        actorName: 'mei',
        action: 'POST /api/products',
        status: 201,
        details: { fields: ['name', 'price_fen'] },
      },
    ]);
  });

  it('tells of each write of a batch, as of single ones', async () => {
    const { json: made } = await call('POST', '/api/products', { token: editor, body: product });
    const operations = [
      { update: 'products', id: made.id, changes: { price_fen: 2 } },
      { create: 'products', record: product },
    ];
    const { json } = await call('POST', '/api/batch', { token: editor, body: { operations } });
    const action = 'POST /api/batch';
    const [, created] = json.results;
    expect((await entries(`target=${made.id}`))[0]).toMatchObject({
      ...{ action, status: 200, details: { update: 'products', fields: ['price_fen'] } },
    });
    expect(await entries(`target=${created.id}`)).toMatchObject([
      { action, status: 200, details: { create: 'products', fields: ['name', 'price_fen'] } },
    ]);

    const refused = [{ delete: 'products', id: made.id }];
    await call('POST', '/api/batch', { token: editor, body: { operations: refused } });
    expect((await entries(`target=${made.id}`))[0]).toMatchObject({
      ...{ action, status: 403, details: { delete: 'products' } },
    });
  });

  it('tells what was refused, but nothing of what users do', async () => {
    const before = await entries();
    await call('POST', '/api/products', { token: user, body: product });
    await call('POST', '/api/products', { body: product });
    await call('GET', '/api/products', { token: editor });
    expect(await entries()).toEqual(before);
    await call('DELETE', '/api/admin/keys/none', { token: editor });
    expect(await entries('limit=1')).toMatchObject([
      { actorName: 'mei', action: 'DELETE /api/admin/keys/:id', status: 403, target: 'none' },
    ]);
  });

  it('tells of logins by name, right and wrong, and holds no password, code or key', async () => {
    await call('POST', '/api/admin/login', { body: { ...OWNER, password: 'a wrong one' } });
    await call('POST', '/api/admin/login', { body: { ...OWNER, name: 'nobody there' } });
    const made = await call('POST', '/api/admin/keys', {
      token: admin,
      body: { name: 'erp', roles: ['editor'] },
    });
    const [key, wrong] = await entries('limit=2');
    expect(wrong).toMatchObject({ actorName: OWNER.name, action: 'POST /api/admin/login', status: 401 });
    expect(key).toMatchObject({ target: made.json.id, details: { name: 'erp', roles: ['editor'] } });
    const all = JSON.stringify(await entries('limit=100'));
    for (const secret of ['a wrong one', OWNER.password, 'nobody there', made.json.key, 'long enough']) {
      expect(all).not.toContain(secret);
    }
  });

  it('tells who looked at users, and is read in pages by admins only', async () => {
    await call('GET', '/api/admin/users?phone=13800000000', { token: admin });
    const [looked] = await entries('limit=1');
    expect(looked).toMatchObject({ action: 'GET /api/admin/users', actorName: OWNER.name, details: null });
    const read: string[] = [];
    for (let cursor = ''; cursor !== null; ) {
      const query = `limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = (await call('GET', `/api/admin/audit?${query}`, { token: admin })).json;
      read.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    expect(read).toEqual((await entries('limit=100')).map(({ id }: { id: string }) => id));
    expect((await call('GET', '/api/admin/audit', { token: editor })).code).toBe('FORBIDDEN');
  });
});

it('keeps entries for as long as it is told, and no more than fit', async () => {
  await using opened = await openAudit();
  const { clock, database } = opened;
  const audit = new AuditLog({ database, keepMs: 2 * DAY, clock, maxEntries: 5 });
  const add = (action: string) => audit.record([entryOf(action, 200)]);
  const kept = async () => (await audit.list({ limit: 100 })).map(({ action }) => action);
  await add('old');
  clock.advance(DAY);
  await add('newer');
  await audit.forget();
  expect(await kept()).toEqual(['newer', 'old']);
  clock.advance(DAY + 1);
  await audit.forget();
  expect(await kept()).toEqual(['newer']);
  for (const action of ['1', '2', '3', '4', '5', '6']) await add(action);
  await audit.forget();
  expect(await kept()).toEqual(['6', '5', '4', '3', '2']);
});

it('tells in full what was refused, then counts it, so that nobody buries what they have done', async () => {
  await using opened = await openAudit();
  const { clock, database } = opened;
  const audit = new AuditLog({ database, keepMs: 2 * DAY, clock });
  const told = async () =>
    (await audit.list({ limit: 100 })).map(({ actorId, action, status, details }) =>
      [actorId, action, status, ...(details === null ? [] : [details])].join(' '),
    );
  await audit.record([entryOf('PATCH /api/products/:id', 200)]);
  for (let time = 0; time < 30; time += 1) {
    const operations = Array.from({ length: 10 }, () => entryOf('POST /api/batch', 403));
    await audit.record(operations);
  }
  await audit.record([entryOf('PATCH /api/products/:id', 200)]);
  await audit.record([entryOf('DELETE /x', 403, 'b')]);
  const entries = await told();
  expect(entries.slice(0, 3)).toEqual([
    'b DELETE /x 403',
    'a PATCH /api/products/:id 200',
    'a refused requests 403 {"refused":250}',
  ]);
  expect(entries).toHaveLength(54);
  clock.advance(HOUR);
  await audit.record([entryOf('POST /api/batch', 403)]);
  expect((await told())[0]).toBe('a POST /api/batch 403');
});

function entryOf(action: string, status: number, actorId = 'a'): AuditEntry {
  return {
    ...{ actorKind: 'staff', actorId, action, target: null, status },
    ...{ ip: null, requestId: 'r', details: null },
  };
}

async function openAudit() {
  const folder = await tempFolder();
  const clock = createManualClock(Date.now());
  const path = join(folder.path, 'audit.db');
  const database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal', clock });
  for (const { up } of migrations) await up(database.query);
  return {
    clock,
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
