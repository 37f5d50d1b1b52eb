import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { becomes, only, owner, role, was } from '../../define/rules.ts';

const shops = collection({
  fields: { name: field.text({ maxLength: 40 }), managerId: field.user() },
  rules: { list: 'public', read: 'public' },
});
const orders = collection({
  fields: {
    title: field.text({ maxLength: 40 }),
    userId: field.caller(),
    shop: field.relation(() => shops).optional(),
    status: field.enum(['open', 'paid', 'shipped', 'cancelled']).default('open'),
    phone: field.text({ maxLength: 20 }).optional(),
    cost_fen: field.money().default(100),
    remark: field.text({ maxLength: 40 }).optional(),
  },
  sort: ['cost_fen', 'title'],
  rules: {
    list: 'public',
    read: 'public',
    create: 'user',
    update: [
      { allOf: [owner('userId'), was({ status: 'open' }), becomes({ status: 'cancelled' }), only('status')] },
      { allOf: [role('clerk'), only('status', 'remark')] },
    ],
    delete: role('boss'),
    fields: {
      phone: { read: [owner('userId'), role('clerk')] },
      cost_fen: { read: role('boss'), write: role('boss') },
      remark: { read: { 'shop.managerId': 'u9' }, write: role('clerk') },
    },
  },
});
const app = defineApp({ collections: { shops, orders }, roles: ['clerk', 'boss'] });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  const { data } = served.records;
  await data.create(shops, { id: 's1', name: 'tea', managerId: 'u9' });
  await data.create(orders, {
    id: 'o1',
    title: 'b',
    userId: 'u1',
    phone: '138',
    cost_fen: 7,
    shop: 's1',
    remark: 'r1',
  });
  await data.create(orders, { id: 'o2', title: 'a', userId: 'u2', phone: '139', cost_fen: 9, remark: 'r2' });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const get = async (path: string, as?: string) =>
  (await served.call(path, as === undefined ? {} : { as })).json;
const codeOf = async (path: string, as?: string) => (await get(path, as)).error?.code ?? 'done';
const change = async (id: string, as: string, body: object) =>
  (await served.call(`/api/orders/${id}`, { method: 'PATCH', as, body })).status;

describe('a field that depends on the record', () => {
  it('is null where its rule does not fit, in lists, in records and behind relations', async () => {
    const { items } = await get('/api/orders?sort=title', 'user:u1');
    expect(items.map(({ phone }: { phone: unknown }) => phone)).toEqual([null, '138']);
    expect((await get('/api/orders/o1', 'user:u1')).phone).toBe('138');
    expect((await get('/api/orders/o1', 'user:u2')).phone).toBeNull();
    // Who is no user owns nothing for certain.
    expect(await get('/api/orders/o1')).not.toHaveProperty('phone');
    expect((await get('/api/orders/o1', 'staff:s1:clerk')).phone).toBe('138');
  });

  it('may depend on what is behind a relation', async () => {
    const { items } = await get('/api/orders?sort=title&fields=id,remark');
    expect(items).toEqual([
      { id: 'o2', remark: null },
      { id: 'o1', remark: 'r1' },
    ]);
    expect((await get('/api/orders/o1')).remark).toBe('r1');
  });

  it('can be asked for, and not filtered or sorted by', async () => {
    expect((await get('/api/orders?fields=phone&limit=1&sort=-title', 'user:u1')).items).toEqual([
      { phone: '138' },
    ]);
    expect(await codeOf('/api/orders?filter=phone = "138"', 'user:u1')).toBe('FILTER_INVALID');
    expect(await codeOf('/api/orders?sort=phone', 'user:u1')).toBe('SORT_INVALID');
    expect((await get('/api/orders?filter=phone = "138"', 'staff:s1:clerk')).items).toHaveLength(1);
  });

  it('is answered to whoever wrote it as to whoever reads it', async () => {
    const answer = await served.call('/api/orders', { as: 'user:u3', body: { title: 'c', phone: '137' } });
    expect(answer).toMatchObject({ status: 201, json: { phone: '137', remark: null } });
    expect(answer.json).not.toHaveProperty('cost_fen');
  });
});

describe('a field that a caller may not read', () => {
  it.each([[undefined], ['user:u1'], ['staff:s1:clerk'], ['machine:k1:clerk']])(
    'does not exist to %s',
    async (as) => {
      for (const path of ['/api/orders/o1', '/api/orders'])
        expect(JSON.stringify(await get(path, as))).not.toContain('cost_fen');
      expect(await codeOf('/api/orders?fields=cost_fen', as)).toBe('FIELDS_INVALID');
      expect(await codeOf('/api/orders?sort=cost_fen', as)).toBe('SORT_INVALID');
      const { error } = await get('/api/orders?filter=cost_fen > 1', as);
      const { error: unknown } = await get('/api/orders?filter=cast_fen > 1', as);
      expect(error.message.replace('cost', 'cast')).toBe(unknown.message);
    },
  );

  it.each([['admin:a1'], ['staff:s1:boss'], ['machine:k1:admin'], ['user:u1:boss']])(
    'exists to %s',
    async (as) => {
      expect((await get('/api/orders/o1', as)).cost_fen).toBe(7);
      expect((await get('/api/orders?filter=cost_fen > 8&fields=id', as)).items).toEqual([{ id: 'o2' }]);
    },
  );

  it('does not show through the order of lists, nor through cursors', async () => {
    expect((await get('/api/orders', 'admin:a1')).items.map(({ id }: { id: string }) => id)).toEqual([
      'o1',
      'o2',
    ]);
    const { nextCursor } = await get('/api/orders?limit=1', 'user:u1');
    const place = Buffer.from(nextCursor, 'base64url').subarray(16).toString();
    expect(JSON.parse(place)).toEqual(['o1']);
    // Their order has one value more: of a place in another one they would be shown some records twice, or never.
    expect(await codeOf(`/api/orders?limit=1&cursor=${nextCursor}`, 'admin:a1')).toBe('CURSOR_INVALID');
    const { items } = await get(`/api/orders?limit=1&sort=id&cursor=${nextCursor}`, 'user:u1');
    expect(items).toMatchObject([{ id: 'o2' }]);
  });
});

describe('who may write what', () => {
  it('an owner takes back an open order and does nothing else to it', async () => {
    expect(await change('o1', 'user:u1', { title: 'x' })).toBe(403);
    expect(await change('o1', 'user:u1', { status: 'shipped' })).toBe(403);
    expect(await change('o1', 'user:u1', { status: 'cancelled', title: 'x' })).toBe(403);
    expect(await change('o1', 'user:u2', { status: 'cancelled' })).toBe(403);
    expect(await change('o1', 'user:u1', { status: 'cancelled' })).toBe(200);
    expect(await change('o1', 'user:u1', { status: 'cancelled' })).toBe(403);
  });

  it('roles count for staff, users and machines alike', async () => {
    for (const as of ['staff:s1:clerk', 'user:u5:clerk', 'machine:k1:other+clerk'])
      expect([as, await change('o1', as, { remark: as.slice(0, 5) })]).toEqual([as, 200]);
    for (const as of ['staff:s1', 'user:u5:boss', 'machine:k1'])
      expect(await change('o1', as, { remark: 'no' })).toBe(403);
    expect((await served.call('/api/orders/o2', { method: 'DELETE', as: 'staff:s1:clerk' })).status).toBe(
      403,
    );
    expect((await served.call('/api/orders/o2', { method: 'DELETE', as: 'staff:s1:boss' })).status).toBe(204);
  });

  it('a field of its own rule is not set by others', async () => {
    const create = async (as: string, body: object) =>
      (await served.call('/api/orders', { as, body })).status;
    expect(await create('user:u1', { title: 'c', cost_fen: 1 })).toBe(403);
    expect(await create('user:u1:boss', { title: 'd', cost_fen: 1 })).toBe(201);
  });
});
