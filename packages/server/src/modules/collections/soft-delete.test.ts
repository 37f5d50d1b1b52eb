import { join } from 'node:path';
import { createManualClock, DAY } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';
import type { Statement } from '../../ports/database.ts';
import { MAX_IN_USE, sweepDeleted } from './sweep-collections.ts';

let seen: string[] = [];

const pages = collection({
  fields: { slug: field.text({ maxLength: 20 }).unique(), userId: field.caller() },
  softDelete: { keepFor: '30d' },
  authors: true,
  rules: { list: 'public', read: 'public', create: 'user', update: owner('userId'), delete: owner('userId') },
  hooks: {
    delete: { after: ({ record }) => void seen.push(`deleted ${record.slug}`) },
    restore: {
      before: ({ by }) => void seen.push(`${by.kind} restores`),
      after: ({ record }) => void seen.push(`restored ${record.slug}`),
    },
  },
});
const links = collection({
  fields: { to: field.relation(() => pages), also: field.relations(() => pages, { maxItems: 5 }).optional() },
  rules: { create: 'user', update: 'user' },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
const clock = createManualClock(Date.parse('2026-05-01T08:00:00.000Z'));

beforeEach(async () => {
  seen = [];
  folder = await temporaryFolder();
  const app = defineApp({ collections: { pages, links } });
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite'), clock });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

async function call(method: string, path: string, as = 'user:u1', body?: unknown) {
  const { status, json } = await served.call(`/api/${path}`, { method, as, body });
  return json?.error === undefined ? { status, json } : { status, code: json.error.code, json };
}
const create = async (slug: string) => (await call('POST', 'pages', 'user:u1', { slug })).json.id as string;
const rows = async () => (await served.database.all({ sql: 'select id from pages', parameters: [] })).length;

it('what is deleted is gone for everybody', async () => {
  const id = await create('a');
  expect((await call('DELETE', `pages/${id}`)).status).toBe(204);
  expect((await call('GET', `pages/${id}`)).status).toBe(404);
  expect((await call('GET', 'pages', 'admin:a1')).json.items).toEqual([]);
  expect((await call('PATCH', `pages/${id}`, 'user:u1', { slug: 'b' })).status).toBe(404);
  expect((await call('DELETE', `pages/${id}`)).status).toBe(404);
  const { data } = served.records;
  expect(await data.get(pages, id)).toBeUndefined();
  expect(await data.list(pages)).toEqual([]);
  expect((await data.getMany(pages, [id])).size).toBe(0);
  expect([await data.update(pages, id, { slug: 'b' }), await data.delete(pages, id)]).toEqual([false, false]);
  expect(await rows()).toBe(1);
});

it('comes back for whoever may delete it', async () => {
  const id = await create('a');
  const before = (await call('GET', `pages/${id}`)).json;
  await call('DELETE', `pages/${id}`);
  expect(await call('POST', `pages/${id}/restore`, 'user:u2')).toMatchObject({ status: 404 });
  clock.advance(1_000);
  const { status, json } = await call('POST', `pages/${id}/restore`);
  expect(status).toBe(200);
  expect(json).toEqual({ ...before, updatedAt: expect.any(String) });
  expect(json.updatedAt > before.updatedAt).toBe(true);
  expect((await call('GET', `pages/${id}`)).json).toEqual(json);
  expect(seen).toEqual(['deleted a', 'user restores', 'restored a']);
  // Once more changes nothing.
  expect((await call('POST', `pages/${id}/restore`)).json).toEqual(json);
  expect((await call('POST', `pages/${id}/restore`, 'user:u2')).status).toBe(403);
  expect((await call('POST', 'pages/none/restore')).status).toBe(404);
});

it('what it had unique, others may have; then it cannot come back', async () => {
  const [first] = [await create('a')];
  await call('DELETE', `pages/${first}`);
  const second = await create('a');
  expect(await call('POST', `pages/${first}/restore`)).toMatchObject({ status: 409, code: 'CONFLICT' });
  await call('DELETE', `pages/${second}`);
  expect((await call('POST', `pages/${first}/restore`)).status).toBe(200);
  expect(await call('POST', 'pages', 'user:u1', { slug: 'a' })).toMatchObject({ code: 'CONFLICT' });
  expect(await served.records.data.restore(pages, 'none')).toBe(false);
});

it('nothing new refers to it, and what does stays as it is', async () => {
  const [id, other] = [await create('a'), await create('b')];
  const link = (await call('POST', 'links', 'user:u1', { to: id, also: [other] })).json.id;
  await call('DELETE', `pages/${id}`);
  for (const [path, values] of [
    ['to', { to: id }],
    ['also.1', { to: other, also: [other, id] }],
  ] as const) {
    const { status, json } = await call('POST', 'links', 'user:u1', values);
    expect([status, json.error.code, json.error.details]).toEqual([
      400,
      'VALIDATION_FAILED',
      [{ path, issue: 'refers to a record that does not exist' }],
    ]);
  }
  expect((await call('PATCH', `links/${link}`, 'user:u1', { also: [id] })).status).toBe(400);
  // A form sends all that it shows: what was there before may stay.
  expect((await call('PATCH', `links/${link}`, 'user:u1', { to: id, also: [] })).status).toBe(200);
  expect((await served.records.data.get(links, link))?.to).toBe(id);
});

it('is asked for once in each look at a record', async () => {
  const id = await create('a');
  const [model] = served.records.models;
  const { store } = served.records.session;
  const statements: string[] = [];
  const connection = {
    arrays: (statement: Statement) => {
      statements.push(statement.sql);
      return served.database.arrays(statement);
    },
  };
  const anything = { of: { kind: 'all', parts: [] }, callerId: undefined } as const;
  for (const condition of [undefined, anything])
    expect(await store.find(connection as never, model as never, id, condition)).toBeDefined();
  for (const sql of statements) expect(sql.split(' where ')[1]?.match(/deletedAt/g)).toHaveLength(1);
});

it('goes for good after its time, unless others refer to it', async () => {
  const [gone, used] = [await create('a'), await create('b')];
  await call('POST', 'links', 'user:u1', { to: used });
  for (const id of [gone, used]) await call('DELETE', `pages/${id}`);
  clock.advance(1);
  const young = await create('c');
  await call('DELETE', `pages/${young}`);
  const [model] = served.records.models;
  const sweep = () => sweepDeleted(served.database, model as never, clock, new AbortController().signal);
  clock.advance(30 * DAY - 1);
  await sweep();
  expect(await rows()).toBe(3);
  clock.advance(1);
  await sweep();
  expect(await rows()).toBe(2);
  expect((await call('POST', `pages/${used}/restore`)).status).toBe(200);
  clock.advance(DAY);
  await sweep();
  expect(await rows()).toBe(1);
  expect((await call('POST', `pages/${young}/restore`)).status).toBe(404);
});

it('what is still in use is tried within bounds, and does not keep the rest from going', async () => {
  const inUse = MAX_IN_USE + 50;
  const { database } = served;
  const run = (sql: string) => database.run({ sql, parameters: [] });
  const numbers = (count: number) =>
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`;
  // Those in use were deleted first, so they come first.
  await run(
    `insert into pages (id, slug, userId, createdAt, updatedAt, deletedAt) ${numbers(inUse + 10)} select 'p' || i, 's' || i, 'u1', 1, 1, i from n`,
  );
  await run(
    `insert into links (id, "to", createdAt, updatedAt) ${numbers(inUse)} select 'l' || i, 'p' || i, 1, 1 from n`,
  );
  const [model] = served.records.models;
  const sweep = (place?: { id: string; deletedAt: number }) =>
    sweepDeleted(database, model as never, clock, new AbortController().signal, place);
  const place = await sweep();
  expect(place).toEqual({ id: `p${MAX_IN_USE}`, deletedAt: MAX_IN_USE });
  expect(await rows()).toBe(inUse + 10);
  expect(await sweep(place)).toBeUndefined();
  expect(await rows()).toBe(inUse);
});
