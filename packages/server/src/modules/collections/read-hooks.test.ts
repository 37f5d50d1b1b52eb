import { join } from 'node:path';
import { defineErrors } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';

const appErrors = defineErrors({ NOT_TODAY: { status: 409, message: { en: 'not today', zh: '今天不行' } } });

const authors = collection({
  fields: { name: field.text({ maxLength: 40 }), phone: field.text({ maxLength: 20 }) },
  rules: { list: 'public', read: 'public', create: 'user' },
  cache: { maxAge: '1m' },
  hooks: {
    read: {
      after({ by, record }) {
        if (record.name === 'gone') throw appErrors.NOT_TODAY();
        if (record.name === 'broken') throw new Error('an inner secret');
        return by.kind === 'user' ? undefined : { ...record, phone: `*${record.phone.slice(-2)}` };
      },
    },
  },
});
const articles = collection({
  fields: {
    title: field.text({ maxLength: 40 }),
    words: field.int(),
    draft: field.bool().default(false),
    cost_fen: field.money().default(5).hidden(),
    author: field.relation(() => authors).optional(),
  },
  computed: {
    minutes: { as: field.int(), from: ({ words }) => Math.ceil(words / 300) },
    worth_fen: { as: field.money(), from: ({ cost_fen }) => cost_fen * 2 },
  },
  sort: ['title'],
  rules: { list: 'public', read: 'public', create: 'user', update: 'user' },
  cache: { maxAge: '1m' },
  hooks: {
    list: {
      before: ({ by }) => (by.kind === 'admin' ? undefined : { draft: false }),
      after: ({ by, records }) =>
        by.kind === 'anonymous' ? records.filter(({ words }) => words < 1_000) : undefined,
    },
  },
});
const AT = '2026-01-01T00:00:00.000Z';
const CARD = { id: 'c1', number: '62', ownerId: 'u1', createdAt: AT, updatedAt: AT };
/** A list answers another record than those that it found, which are none. */
const cards = collection({
  fields: { number: field.text({ maxLength: 10 }), ownerId: field.user() },
  rules: { list: 'user', fields: { number: { read: owner('ownerId') } } },
  hooks: { list: { after: () => [CARD] } },
});
const app = defineApp({ collections: { authors, articles, cards } });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  const { data } = served.records;
  await data.create(authors, { id: 'a1', name: 'lin', phone: '13800138000' });
  await data.create(articles, { id: 'r1', title: 'a', words: 301, author: 'a1' });
  await data.create(articles, { id: 'r2', title: 'b', words: 2_000, author: 'a1' });
  await data.create(articles, { id: 'r3', title: 'c', words: 10, draft: true });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const get = async (path: string, as?: string) =>
  (await served.call(path, as === undefined ? {} : { as })).json;
const titlesFor = async (as?: string, query = '') =>
  (await get(`/api/articles${query}`, as)).items.map(({ title }: { title: string }) => title);

describe('computed fields', () => {
  it('are answered in lists and of records, worked out from all fields', async () => {
    expect(await get('/api/articles/r1')).toMatchObject({ words: 301, minutes: 2, worth_fen: 10 });
    expect(await get('/api/articles/r1')).not.toHaveProperty('cost_fen');
    expect((await get('/api/articles', 'user:u1')).items[1]).toMatchObject({ minutes: 7 });
    const written = await served.call('/api/articles/r1', {
      method: 'PATCH',
      as: 'user:u1',
      body: { words: 1 },
    });
    expect(written.json).toMatchObject({ words: 1, minutes: 1 });
  });

  it('are chosen as other fields are, and neither filtered nor sorted by', async () => {
    expect((await get('/api/articles?fields=minutes,title')).items).toEqual([{ title: 'a', minutes: 2 }]);
    expect(await get('/api/articles/r1?fields=minutes')).toEqual({ minutes: 2 });
    expect((await get('/api/articles?filter=minutes = 2')).error.code).toBe('FILTER_INVALID');
    expect((await get('/api/articles?sort=minutes')).error.code).toBe('SORT_INVALID');
  });
});

describe('hooks of lists', () => {
  it('narrow what is listed, before it is cut into pages and counted', async () => {
    expect(await titlesFor('user:u1')).toEqual(['a', 'b']);
    expect(await titlesFor('admin:a1')).toEqual(['a', 'b', 'c']);
    expect(await titlesFor('user:u1', '?filter=draft = true')).toEqual([]);
    expect(await get('/api/articles?limit=1&count=true', 'user:u1')).toMatchObject({ total: 2 });
  });

  it('change what a page shows, and its cursor goes on', async () => {
    expect(await titlesFor()).toEqual(['a']);
    const first = await get('/api/articles?limit=1');
    expect(first.items).toHaveLength(1);
    const second = await get(`/api/articles?limit=1&cursor=${first.nextCursor}`);
    expect(second).toEqual({ items: [], nextCursor: null });
  });

  it('show nothing of other records that depends on the record', async () => {
    const { items } = await get('/api/cards', 'user:u2');
    expect(items).toMatchObject([{ ownerId: 'u1', number: null }]);
  });

  it('keep answers out of the cache that serves everybody', async () => {
    const answer = await served.call('/api/articles');
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(await titlesFor('admin:a1')).toHaveLength(3);
  });
});

describe('hooks of reading', () => {
  it('give another view of the record, wherever it is shown by itself', async () => {
    expect((await get('/api/authors/a1')).phone).toBe('*00');
    expect((await get('/api/authors/a1', 'user:u1')).phone).toBe('13800138000');
    expect((await get('/api/articles/r1?expand=author')).expanded.author.phone).toBe('*00');
    expect((await get('/api/articles/r1?expand=author', 'user:u1')).expanded.author.phone).toBe(
      '13800138000',
    );
  });

  it('refuse by the app’s own errors, and fail without telling why', async () => {
    await served.records.data.create(authors, { id: 'a2', name: 'gone', phone: '1' });
    expect((await get('/api/authors/a2')).error).toMatchObject({ code: 'NOT_TODAY', message: 'not today' });
    await served.records.data.create(authors, { id: 'a3', name: 'broken', phone: '1' });
    const answer = await served.call('/api/authors/a3');
    expect([answer.status, answer.json.error.code]).toEqual([500, 'INTERNAL']);
    expect(answer.text).not.toContain('secret');
  });
});

describe('the tag of a record', () => {
  const tagOf = async (path: string, as?: string) =>
    (await served.call(path, as === undefined ? {} : { as })).headers.get('etag') ?? '';

  it('changes with what is shown, and keeps the version for If-Match', async () => {
    const [whole, some, other] = [
      await tagOf('/api/articles/r1'),
      await tagOf('/api/articles/r1?fields=title'),
      await tagOf('/api/articles/r1?fields=words'),
    ];
    expect(new Set([whole, some, other]).size).toBe(3);
    const again = await served.call('/api/articles/r1?fields=title', { headers: { 'if-none-match': some } });
    expect(again).toMatchObject({ status: 304, text: '' });
    const change = { method: 'PATCH', as: 'user:u1', body: { words: 2 } };
    expect((await served.call('/api/articles/r1', { ...change, headers: { 'if-match': some } })).status).toBe(
      200,
    );
    expect(
      (await served.call('/api/articles/r1', { ...change, headers: { 'if-match': whole } })).status,
    ).toBe(412);
  });

  it('is another where what is behind a relation has changed', async () => {
    const before = await tagOf('/api/articles/r1?expand=author', 'user:u1');
    await served.records.data.update(authors, 'a1', { phone: '139' });
    expect(await tagOf('/api/articles/r1?expand=author', 'user:u1')).not.toBe(before);
  });
});
