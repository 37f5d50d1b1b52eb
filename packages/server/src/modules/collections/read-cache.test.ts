import { join } from 'node:path';
import { errors } from '@maque/contract';
import { createManualClock } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { createMemoryKeyValue } from '../../adapters/key-value/memory-key-value.ts';
import { LocalMessageBus } from '../../adapters/message-bus/local-message-bus.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';
import { ReadCache } from './read-cache.ts';

const categories = collection({
  fields: { name: field.text({ maxLength: 40 }) },
  rules: { list: 'public', read: 'public' },
  cache: { maxAge: '30s' },
});
const products = collection({
  fields: {
    name: field.text({ maxLength: 40 }),
    stock: field.int({ min: 0 }).default(5),
    category: field.relation(() => categories).optional(),
  },
  sort: ['name'],
  rules: { list: 'public', read: 'public', create: 'admin', update: 'admin', delete: 'admin' },
  cache: { maxAge: '30s', tolerates: ['stock'] },
});
const notes = collection({
  fields: { ownerId: field.caller(), shared: field.bool() },
  rules: { list: [{ shared: true }, owner('ownerId')], create: 'user' },
  cache: { maxAge: '1m' },
});
const app = defineApp({ collections: { categories, products, notes } });

const admin = 'admin:a1';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workers: ServedApp[];

/** Workers of one server: each its own cache, one database, one bus between them. */
async function startWorkers(count: number) {
  const clock = createManualClock(Date.now());
  const bus = new LocalMessageBus((error) => {
    throw error;
  });
  for (let index = 0; index < count; index += 1) {
    workers.push(await serveApp(app, { path: join(folder.path, 'app.sqlite'), bus, clock }));
  }
  const [first, second] = workers;
  if (first === undefined) throw new Error('no worker');
  await first.records.data.create(categories, { id: 'c1', name: 'tea' });
  await first.records.data.create(products, { id: 'p1', name: 'tea', category: 'c1' });
  return { first, second: second ?? first, clock };
}

beforeEach(async () => {
  folder = await temporaryFolder();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await folder.remove();
});

const names = async (worker: ServedApp, query = '') =>
  (await worker.call(`/api/products${query}`)).json.items.map(({ name }: { name: string }) => name);
/** A change that nobody is told of, as if by another program. */
const renameBehindBack = (worker: ServedApp, name: string) =>
  worker.database.run({ sql: 'update products set name = ?', parameters: [name] });

describe('a public list', () => {
  it('says for how long it may be kept, and is not sent again to who has it', async () => {
    const { first } = await startWorkers(1);
    const answer = await first.call('/api/products');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=30');
    const etag = answer.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await first.call('/api/products', { headers: { 'if-none-match': known } });
      expect(again).toMatchObject({ status: 304, text: '' });
      expect(again.headers.get('etag')).toBe(etag);
    }
    expect((await first.call('/api/products', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('comes from the cache, whatever the order of the parameters and whoever asks', async () => {
    const { first } = await startWorkers(1);
    await first.call('/api/products?limit=5&sort=name');
    await renameBehindBack(first, 'changed');
    expect(await names(first, '?sort=name&limit=5')).toEqual(['tea']);
    const asUser = await first.call('/api/products?limit=5&sort=name', { as: 'user:u1' });
    expect(asUser.json.items[0].name).toBe('tea');
    expect(await names(first, '?sort=name&limit=6')).toEqual(['changed']);
  });

  it('is asked for anew when its time is over', async () => {
    const { first, clock } = await startWorkers(1);
    await names(first);
    await renameBehindBack(first, 'changed');
    clock.advance(29_999);
    expect(await names(first)).toEqual(['tea']);
    clock.advance(1);
    expect(await names(first)).toEqual(['changed']);
  });

  it.each([
    ['created', { method: 'POST', body: { name: 'cup' } }, '', ['cup', 'tea']],
    ['changed', { method: 'PATCH', body: { name: 'green tea' } }, '/p1', ['green tea']],
    ['deleted', { method: 'DELETE' }, '/p1', []],
  ])('is dropped in every worker when a record is %s', async (_, call, path, expected) => {
    const { first, second } = await startWorkers(2);
    expect(await names(first)).toEqual(['tea']);
    expect(await names(second)).toEqual(['tea']);
    expect((await first.call(`/api/products${path}`, { as: admin, ...call })).status).toBeLessThan(300);
    expect(await names(first)).toEqual(expected);
    expect(await names(second)).toEqual(expected);
  });

  it('stays when only what it tolerates has changed, until its time is over', async () => {
    const { first, clock } = await startWorkers(1);
    await names(first);
    await renameBehindBack(first, 'changed');
    expect(await first.records.data.increment(products, 'p1', { stock: -2 })).toBe(true);
    expect(await names(first)).toEqual(['tea']);
    expect((await first.call('/api/products/p1')).json).toMatchObject({ stock: 3 });
    clock.advance(30_000);
    expect(await names(first)).toEqual(['changed']);
  });

  it('is not dropped by what was rolled back', async () => {
    const { first } = await startWorkers(1);
    await names(first);
    await renameBehindBack(first, 'changed');
    const failed = first.records.data.transaction(async (tx) => {
      await tx.create(products, { name: 'never' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await names(first)).toEqual(['tea']);
  });

  it('is compressed for who can read that, also from the cache', async () => {
    const { first } = await startWorkers(1);
    for (let index = 0; index < 60; index += 1)
      await first.records.data.create(products, { name: `tea ${index}` });
    const headers = { 'accept-encoding': 'gzip' };
    for (let round = 0; round < 2; round += 1) {
      const answer = await first.call('/api/products?limit=100', { headers });
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      expect(answer.headers.get('vary')).toBe('accept-encoding');
      expect(answer.json.items).toHaveLength(61);
    }
  });

  it('does not keep faults', async () => {
    const { first } = await startWorkers(1);
    expect((await first.call('/api/products?filter=nothing=1')).status).toBe(400);
    expect(first.keyValue.stats().entries).toBe(0);
  });
});

describe('a record that anybody may read', () => {
  const nameOf = async (worker: ServedApp) => (await worker.call('/api/categories/c1')).json.name;
  const renameCategory = (worker: ServedApp, name: string) =>
    worker.database.run({ sql: 'update categories set name = ?', parameters: [name] });

  it('is kept until something of its collection changes, in every worker', async () => {
    const { first, second } = await startWorkers(2);
    const answer = await first.call('/api/categories/c1');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=30');
    const etag = answer.headers.get('etag') ?? '';
    const again = await first.call('/api/categories/c1', { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, text: '' });
    await nameOf(second);
    await renameCategory(first, 'changed');
    expect([await nameOf(first), await nameOf(second)]).toEqual(['tea', 'tea']);
    await first.records.data.create(categories, { name: 'cups' });
    expect([await nameOf(first), await nameOf(second)]).toEqual(['changed', 'changed']);
  });

  it('is not asked for again while it is not there, and is there when it has come', async () => {
    const { first, second } = await startWorkers(2);
    const statusOf = async (worker: ServedApp, path: string) => (await worker.call(path)).status;
    expect(await statusOf(second, '/api/categories/c2')).toBe(404);
    // Behind its back, as by another program.
    const sql = `insert into categories (id, name, "createdAt", "updatedAt") values ('c2', 'cups', 1, 1)`;
    await first.database.run({ sql, parameters: [] });
    expect(await statusOf(second, '/api/categories/c2')).toBe(404);
    await first.records.data.create(categories, { name: 'more' });
    expect(await statusOf(second, '/api/categories/c2')).toBe(200);
  });
});

describe('answers that show other collections too', () => {
  const categoryOf = async (worker: ServedApp) =>
    (await worker.call('/api/products?expand=category')).json.items[0].expanded.category?.name;

  it('are dropped when those change', async () => {
    const { first, second } = await startWorkers(2);
    expect(await categoryOf(second)).toBe('tea');
    await renameBehindBack(first, 'changed');
    expect(await first.records.data.update(categories, 'c1', { name: 'cups' })).toBe(true);
    expect(await categoryOf(second)).toBe('cups');
    const [byName] = (await second.call('/api/products?filter=category.name%20%3D%20%22cups%22')).json.items;
    expect(byName.name).toBe('changed');
  });

  it('leave plain lists as they are', async () => {
    const { first } = await startWorkers(1);
    await names(first);
    await renameBehindBack(first, 'changed');
    await first.records.data.update(categories, 'c1', { name: 'cups' });
    expect(await names(first)).toEqual(['tea']);
  });
});

describe('a list that is not the same for everybody', () => {
  it('is kept for nobody but those to whom it is', async () => {
    const { first } = await startWorkers(1);
    await first.call('/api/notes', { as: 'user:u1', body: { shared: false } });
    await first.call('/api/notes', { as: 'user:u2', body: { shared: true } });
    const listAs = async (as?: string) => {
      const { json, headers } = await first.call('/api/notes', as === undefined ? {} : { as });
      return [json.items.length, headers.get('cache-control'), headers.get('vary')];
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await listAs()).toEqual([1, 'public, max-age=60', 'authorization']);
      expect(await listAs('user:u1')).toEqual([2, 'private, no-cache', null]);
      expect(await listAs('user:u2')).toEqual([1, 'private, no-cache', null]);
      expect(await listAs(admin)).toEqual([2, 'private, no-cache', null]);
    }
  });
});

describe('the cache of answers', () => {
  const at = { collection: 'products', reach: 'plain', key: 'k' } as const;
  const create = (options: { readonly staleForMs?: number } = {}) => {
    const clock = createManualClock(1_000_000);
    const faults: unknown[] = [];
    const behind = { plain: new Set(['products']), wide: new Set(['products']) };
    const policy = { maxAgeMs: 1_000, staleForMs: 0, tolerates: new Set<string>(), behind, ...options };
    const cache = new ReadCache({
      keyValue: createMemoryKeyValue({ maxBytes: 100_000, clock }),
      bus: new LocalMessageBus(() => {}),
      clock,
      policies: new Map([['products', policy]]),
      onFault: (error) => faults.push(error),
    });
    const answer = (text: string) => cache.get(at, async () => ({ text }));
    return { cache, clock, faults, answer };
  };

  it('makes an answer once for all who ask at the same time', async () => {
    const { cache } = create();
    let made = 0;
    const gate = Promise.withResolvers<void>();
    const make = async () => {
      made += 1;
      await gate.promise;
      return { text: '{}' };
    };
    const asked = Array.from({ length: 50 }, () => cache.get(at, make));
    gate.resolve();
    const bodies = new Set((await Promise.all(asked)).map(({ body }) => body));
    expect([made, bodies.size]).toEqual([1, 1]);
  });

  it('does not keep an answer that was begun before a write', async () => {
    const { cache, answer } = create();
    const gate = Promise.withResolvers<void>();
    const stale = cache.get(at, async () => {
      await gate.promise;
      return { text: 'stale' };
    });
    await Promise.resolve();
    cache.changed({ collection: 'products', fields: 'all' });
    gate.resolve();
    await stale;
    expect(String((await answer('fresh')).body)).toBe('fresh');
  });

  it('asks again when making failed', async () => {
    const { cache, answer } = create();
    await expect(cache.get(at, () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect(String((await answer('fine')).body)).toBe('fine');
  });

  it('lets others keep what is old here for less time', async () => {
    const { clock, answer } = create({ staleForMs: 5_000 });
    expect((await answer('茶')).cacheControl).toBe('public, max-age=1, stale-while-revalidate=5');
    clock.advance(999);
    expect((await answer('茶')).cacheControl).toBe('public, max-age=1, stale-while-revalidate=5');
    clock.advance(3_001);
    expect((await answer('茶')).cacheControl).toBe('public, max-age=0, stale-while-revalidate=2');
  });

  it('sends an old answer while one new one is made, for its time and not beyond', async () => {
    const { cache, clock, answer } = create({ staleForMs: 5_000 });
    await answer('first');
    clock.advance(1_000);
    const gate = Promise.withResolvers<void>();
    let made = 0;
    const make = async () => {
      made += 1;
      await gate.promise;
      return { text: 'second' };
    };
    for (let round = 0; round < 3; round += 1) expect(String((await cache.get(at, make)).body)).toBe('first');
    expect(made).toBe(1);
    gate.resolve();
    await expect.poll(async () => String((await cache.get(at, make)).body)).toBe('second');
    clock.advance(6_000);
    expect(String((await answer('third')).body)).toBe('third');
  });

  it('goes on with the old answer when the new one cannot be made, and says why', async () => {
    const { cache, clock, faults, answer } = create({ staleForMs: 5_000 });
    await answer('first');
    clock.advance(1_000);
    const busy = () => Promise.reject(new Error('busy'));
    expect(String((await cache.get(at, busy)).body)).toBe('first');
    await expect.poll(() => faults).toHaveLength(1);
    expect(String((await cache.get(at, busy)).body)).toBe('first');
  });

  it('makes no more than eight old answers anew at a time', async () => {
    const { cache, clock } = create({ staleForMs: 5_000 });
    const keys = Array.from({ length: 20 }, (_, index) => ({ ...at, key: `k${index}` }));
    for (const one of keys) await cache.get(one, async () => ({ text: 'first' }));
    clock.advance(1_000);
    const gate = Promise.withResolvers<void>();
    let made = 0;
    for (const one of keys) {
      await cache.get(one, async () => {
        made += 1;
        await gate.promise;
        return { text: 'second' };
      });
    }
    expect(made).toBe(8);
    gate.resolve();
  });

  it('remembers the last thousand ids that there is nothing of, until their time is over', async () => {
    const { cache, clock } = create();
    let asked = 0;
    const look = (id: string) =>
      cache.unlessMissing({ ...at, key: id }, async () => {
        asked += 1;
        throw errors.NOT_FOUND();
      });
    for (let round = 0; round < 100; round += 1) await expect(look('none')).rejects.toThrow();
    expect(asked).toBe(1);
    for (let index = 0; index < 1_000; index += 1) await look(`made-up-${index}`).catch(() => {});
    // That of the two that nobody has asked for again.
    await look('none').catch(() => {});
    expect(asked).toBe(1_001);
    await look('made-up-0').catch(() => {});
    expect(asked).toBe(1_002);
    clock.advance(1_000);
    await look('none').catch(() => {});
    expect(asked).toBe(1_003);
    cache.changed({ collection: 'products', fields: 'all' });
    await look('none').catch(() => {});
    expect(asked).toBe(1_004);
  });

  it('does not take another fault for a missing record', async () => {
    const { cache } = create();
    const look = () => cache.unlessMissing(at, () => Promise.reject(errors.DATABASE_BUSY()));
    for (let round = 0; round < 2; round += 1)
      await expect(look()).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  });
});
