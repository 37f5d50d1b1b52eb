import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { RelationTarget } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';

const categories = collection({
  fields: {
    name: field.text({ maxLength: 40 }),
    parent: field.relation((): RelationTarget => categories).optional(),
    margin: field.int().default(3).hidden(),
  },
  rules: { list: 'public', read: 'public' },
});
const tags = collection({
  fields: { name: field.text({ maxLength: 40 }), open: field.bool() },
  softDelete: { keepFor: '30d' },
  rules: { list: 'public', read: { open: true }, delete: 'admin' },
});
const secrets = collection({
  fields: { word: field.text({ maxLength: 40 }), ownerId: field.user() },
  rules: { list: owner('ownerId'), read: owner('ownerId') },
});
const products = collection({
  fields: {
    name: field.text({ maxLength: 40 }),
    category: field.relation(() => categories).optional(),
    tags: field.relations(() => tags, { maxItems: 5 }).default([]),
    secret: field.relation(() => secrets).optional(),
  },
  sort: ['name'],
  rules: { list: 'public', read: 'public' },
});
const many = collection({
  fields: { categories: field.relations(() => categories, { maxItems: 1_000 }) },
  rules: { list: 'public', read: 'public' },
});
const app = defineApp({ collections: { categories, tags, secrets, products, many } });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
let allowed: boolean;

beforeEach(async () => {
  folder = await temporaryFolder();
  allowed = true;
  const optional = { allowed: () => allowed };
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite'), optional });
  const { data } = served.records;
  await data.create(categories, { id: 'drinks', name: 'drinks' });
  await data.create(categories, { id: 'tea', name: 'tea', parent: 'drinks' });
  await data.create(tags, { id: 'new', name: 'new', open: true });
  await data.create(tags, { id: 'old', name: 'old', open: true });
  await data.create(tags, { id: 'inner', name: 'inner', open: false });
  await data.create(secrets, { id: 'w1', word: 'sesame', ownerId: 'u1' });
  await data.create(products, {
    id: 'p1',
    name: 'a',
    category: 'tea',
    tags: ['old', 'inner', 'new'],
    secret: 'w1',
  });
  await data.create(products, { id: 'p2', name: 'b' });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const get = async (path: string, as?: string) =>
  (await served.call(path, as === undefined ? {} : { as })).json;

describe('expand', () => {
  it('brings records along, one or several, two relations deep', async () => {
    const { items } = await get('/api/products?expand=category.parent,tags');
    expect(items[0]).toMatchObject({ id: 'p1', category: 'tea', tags: ['old', 'inner', 'new'] });
    expect(items[0].expanded.category).toMatchObject({
      id: 'tea',
      parent: 'drinks',
      expanded: { parent: { id: 'drinks', name: 'drinks', parent: null } },
    });
    expect(items[0].expanded.tags.map(({ id }: { id: string }) => id)).toEqual(['old', 'new']);
    expect(items[1].expanded).toEqual({ category: null, tags: [] });
    expect(await get('/api/products/p1?expand=category.parent,tags')).toEqual(items[0]);
  });

  it('shows what the caller may read there, and no hidden field', async () => {
    const secretOf = async (as?: string) => (await get('/api/products/p1?expand=secret', as)).expanded.secret;
    expect(await secretOf('user:u1')).toMatchObject({ word: 'sesame' });
    expect(await secretOf('user:u2')).toBeNull();
    expect(await secretOf()).toBeNull();
    expect(JSON.stringify(await get('/api/products?expand=category'))).not.toContain('margin');
  });

  it('does not bring back what was deleted', async () => {
    await served.records.data.delete(tags, 'old');
    const { expanded } = await get('/api/products/p1?expand=tags');
    expect(expanded.tags.map(({ id }: { id: string }) => id)).toEqual(['new']);
  });

  it('comes beside the fields that are asked for', async () => {
    expect((await get('/api/products?expand=category&fields=name&limit=1')).items).toEqual([
      { name: 'a', expanded: { category: expect.objectContaining({ name: 'tea' }) } },
    ]);
  });

  it('asks the database once for each relation, however many records', async () => {
    for (let index = 0; index < 90; index += 1)
      await served.records.data.create(products, { name: `c${index}`, category: 'tea', tags: ['new'] });
    const statements: string[] = [];
    const { database } = served;
    const arrays = database.arrays.bind(database);
    database.arrays = (statement) => {
      statements.push(statement.sql);
      return arrays(statement);
    };
    const { items } = await get('/api/products?limit=100&expand=category.parent,tags');
    expect(items).toHaveLength(92);
    expect(statements).toHaveLength(4);
  });

  it.each([
    ['nothing', 'EXPAND_INVALID'],
    ['name', 'EXPAND_INVALID'],
    ['', 'EXPAND_INVALID'],
    ['category.margin', 'EXPAND_INVALID'],
    ['category.parent.parent', 'EXPAND_INVALID'],
    ['tags,'.repeat(9), 'EXPAND_INVALID'],
    ['__proto__', 'EXPAND_INVALID'],
  ])('refuses %j', async (expand, code) => {
    for (const path of ['/api/products', '/api/products/p1'])
      expect((await get(`${path}?expand=${encodeURIComponent(expand)}`)).error.code).toBe(code);
  });

  it('says what is wrong', async () => {
    const { error } = await get('/api/products?expand=categry');
    expect(error.message).toBe('Cannot expand categry: did you mean category?');
  });

  it('brings a thousand records by one relation at most', async () => {
    const { data } = served.records;
    await data.transaction(async (tx) => {
      for (let index = 0; index <= 1_000; index += 1) {
        await tx.create(categories, { id: `c${index}`, name: `${index}` });
      }
    });
    const ids = Array.from({ length: 1_000 }, (_, index) => `c${index}`);
    await data.create(many, { id: 'all', categories: ids });
    expect((await get('/api/many/all?expand=categories')).expanded.categories).toHaveLength(1_000);
    await data.create(many, { id: 'one-more', categories: ['c1000'] });
    const { error } = await get('/api/many?limit=100&expand=categories');
    expect([error.code, error.details[0].path]).toEqual(['VALIDATION_FAILED', 'expand']);
  });

  it('is left out, and said to be, while the server is busy', async () => {
    allowed = false;
    const page = await get('/api/products?expand=category&count=true');
    expect(page).toMatchObject({ shed: ['expand', 'count'] });
    expect(page).not.toHaveProperty('total');
    expect(page.items[0]).not.toHaveProperty('expanded');
    expect(await get('/api/products/p1?expand=tags')).toMatchObject({ id: 'p1', shed: ['expand'] });
    expect(await get('/api/products')).not.toHaveProperty('shed');
  });

  it('still tells what is wrong while the server is busy', async () => {
    allowed = false;
    expect((await get('/api/products?expand=nothing')).error.code).toBe('EXPAND_INVALID');
  });
});

describe('filters through relations', () => {
  it('find nothing out about what the caller may not list, or not read of it', async () => {
    const found = async (filter: string, as?: string) => {
      const { items, error } = await get(`/api/products?filter=${encodeURIComponent(filter)}`, as);
      return error?.code ?? items.map(({ id }: { id: string }) => id);
    };
    expect(await found('category.name = "tea"')).toEqual(['p1']);
    expect(await found('secret.word like "s%"', 'user:u1')).toEqual(['p1']);
    expect(await found('secret.word like "s%"', 'user:u2')).toEqual([]);
    expect(await found('secret.word like "s%"')).toBe('FILTER_INVALID');
    expect(await found('category.margin > 1')).toBe('FILTER_INVALID');
  });
});
