import { join } from 'node:path';
import { createManualClock } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { createMemoryKeyValue } from '../../adapters/key-value/memory-key-value.ts';
import { LocalMessageBus } from '../../adapters/message-bus/local-message-bus.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field.ts';
import { owner } from '../../define/rules.ts';
import { ListCache } from './list-cache.ts';

const products = collection({
  fields: { name: field.text({ maxLength: 40 }), stock: field.int({ min: 0 }).default(5) },
  sort: ['name'],
  rules: { list: 'public', read: 'public', create: 'admin', update: 'admin', delete: 'admin' },
  cache: { maxAge: '30s', tolerates: ['stock'] },
});
const notes = collection({
  fields: { ownerId: field.caller(), shared: field.bool() },
  rules: { list: [{ shared: true }, owner('ownerId')], create: 'user' },
  cache: { maxAge: '1m' },
});
const app = defineApp({ collections: { products, notes } });

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
  await first.records.data.create(products, { id: 'p1', name: 'tea' });
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

describe('a list that is not the same for everybody', () => {
  it('is kept for nobody but those to whom it is', async () => {
    const { first } = await startWorkers(1);
    await first.call('/api/notes', { as: 'user:u1', body: { shared: false } });
    await first.call('/api/notes', { as: 'user:u2', body: { shared: true } });
    const listAs = async (as?: string) => {
      const { json, headers } = await first.call('/api/notes', as === undefined ? {} : { as });
      return [json.items.length, headers.get('cache-control')];
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await listAs()).toEqual([1, 'public, max-age=60']);
      expect(await listAs('user:u1')).toEqual([2, null]);
      expect(await listAs('user:u2')).toEqual([1, null]);
      expect(await listAs(admin)).toEqual([2, null]);
    }
  });
});

describe('ListCache', () => {
  const create = () => {
    const bus = new LocalMessageBus(() => {});
    const policies = new Map([['products', { maxAgeMs: 1_000, tolerates: new Set<string>() }]]);
    return new ListCache(createMemoryKeyValue({ maxBytes: 100_000 }), bus, policies);
  };

  it('makes a list once for all who ask at the same time', async () => {
    const cache = create();
    let made = 0;
    const gate = Promise.withResolvers<void>();
    const make = async () => {
      made += 1;
      await gate.promise;
      return '{}';
    };
    const asked = Array.from({ length: 50 }, () => cache.get('products', 'k', make));
    gate.resolve();
    const bodies = new Set((await Promise.all(asked)).map(({ body }) => body));
    expect([made, bodies.size]).toEqual([1, 1]);
  });

  it('does not keep a list that was begun before a write', async () => {
    const cache = create();
    const gate = Promise.withResolvers<void>();
    const stale = cache.get('products', 'k', async () => {
      await gate.promise;
      return 'stale';
    });
    await Promise.resolve();
    cache.changed({ collection: 'products', fields: 'all' });
    gate.resolve();
    await stale;
    const { body } = await cache.get('products', 'k', async () => 'fresh');
    expect(body.toString()).toBe('fresh');
  });

  it('asks again when making failed', async () => {
    const cache = create();
    await expect(cache.get('products', 'k', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect((await cache.get('products', 'k', async () => 'fine')).body.toString()).toBe('fine');
  });
});
