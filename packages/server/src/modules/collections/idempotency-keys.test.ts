import { join } from 'node:path';
import { createManualClock, DAY } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';
import { KEYS_OF_A_USER } from './idempotency-keys.ts';
import { deleteKeysOfUser } from './idempotency-store.ts';
import { sweepKeys } from './sweep-collections.ts';

const orders = collection({
  fields: { number: field.text({ maxLength: 20 }).unique() },
  rules: { create: 'public', update: 'public', delete: 'admin' },
});

const letters = collection({
  fields: {
    text: field.text({ maxLength: 9_000 }),
    verdict: field.text({ maxLength: 20 }).optional(),
    userId: field.user().optional(),
  },
  rules: { create: 'public', read: owner('userId'), update: 'user', delete: 'user' },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
const clock = createManualClock(Date.parse('2026-05-01T08:00:00.000Z'));

beforeEach(async () => {
  folder = await temporaryFolder();
  const app = defineApp({ collections: { orders, letters } });
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite'), clock });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const create = (number: string, key: string, as = 'user:u1') =>
  served.call('/api/orders', { as, body: { number }, headers: { 'idempotency-key': key } });
const count = async () => (await served.records.data.list(orders)).length;
const keys = async () =>
  (await served.database.all({ sql: 'select keyHash from maque_idempotency_keys', parameters: [] })).length;

it('a repeated request is answered as the first was, and not done again', async () => {
  const first = await create('1', 'k');
  // Whatever became of the record meanwhile.
  await served.call(`/api/orders/${first.json.id}`, {
    method: 'PATCH',
    as: 'user:u1',
    body: { number: '2' },
  });
  const again = await create('1', 'k');
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  expect(await count()).toBe(1);
});

it('many at once are done once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => create('1', 'k')));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.every(({ status }) => status === 201)).toBe(true);
  expect(await count()).toBe(1);
});

it('a key stands for one request of one caller', async () => {
  await create('1', 'k');
  const other = await create('2', 'k');
  expect([other.status, other.json.error.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
  const elsewhere = await served.call('/api/batch', {
    as: 'user:u1',
    headers: { 'idempotency-key': 'k' },
    body: { operations: [{ create: 'orders', record: { number: '3' } }] },
  });
  expect(elsewhere.status).toBe(409);
  for (const as of ['user:u2', 'admin:u1']) expect((await create(`of ${as}`, 'k', as)).status).toBe(201);
  const anonymous = await served.call('/api/orders', {
    ...{ body: { number: 'of nobody' }, headers: { 'idempotency-key': 'k' } },
  });
  expect(anonymous.status).toBe(201);
  // Keys differ by case, whatever a database makes of that.
  expect((await create('4', 'K')).status).toBe(201);
});

it('what failed may be tried again with the same key', async () => {
  const taken = await create('1', 'a');
  expect((await create('1', 'b')).status).toBe(409);
  await served.call(`/api/orders/${taken.json.id}`, { method: 'DELETE', as: 'admin:a1' });
  expect((await create('1', 'b')).status).toBe(201);
});

it('a key lives for a day, and is swept away after it', async () => {
  await create('1', 'k');
  clock.advance(DAY - 1);
  expect((await create('2', 'k')).status).toBe(409);
  clock.advance(1);
  expect((await create('2', 'k')).status).toBe(201);
  for (let index = 0; index < 450; index += 1) {
    await served.database.run({
      sql: "insert into maque_idempotency_keys (caller, keyHash, digest, text, createdAt) values ('user:u1', ?, '', '', ?)",
      parameters: [`old-${index}`, clock.now() - DAY - 1 - (index % 7)],
    });
  }
  await sweepKeys(served.database, clock, new AbortController().signal);
  expect(await keys()).toBe(1);
});

const LONG = '长'.repeat(5_000);
const keptBytes = async () => {
  const sql = 'select coalesce(sum(length(cast(text as blob))), 0) as bytes from maque_idempotency_keys';
  return (await served.database.all<{ bytes: number }>({ sql, parameters: [] }))[0]?.bytes;
};

it('a long answer is not kept: it is made again from the record as it is, as far as the caller may see it', async () => {
  const write = (as: string) => {
    const body = { text: LONG, userId: 'u1' };
    return served.call('/api/letters', { as, body, headers: { 'idempotency-key': 'k' } });
  };
  const first = await write('user:u1');
  expect(await keptBytes()).toBe(0);
  const again = await write('user:u1');
  expect([again.status, again.json, again.headers.get('etag')]).toEqual([
    201,
    first.json,
    first.headers.get('etag'),
  ]);
  const { id } = first.json;
  await served.records.data.update(letters, id, { verdict: 'a good one' });
  expect((await write('user:u1')).json.verdict).toBe('a good one');
  // Who may not read what they have made hears no more of it than that it is there.
  const [stranger, secret] = [await write('machine:m1'), 'not for its maker'];
  await served.records.data.update(letters, stranger.json.id, { verdict: secret });
  const later = await write('machine:m1');
  expect([later.json.id, later.text.includes(secret)]).toEqual([stranger.json.id, false]);
  await served.records.data.delete(letters, id);
  expect((await write('user:u1')).status).toBe(404);
  expect((await served.records.data.list(letters)).map((letter) => letter.id)).toEqual([stranger.json.id]);
});

it('a batch of small changes of large records keeps little, and is answered again', async () => {
  const made = await served.call('/api/letters', { as: 'user:u1', body: { text: LONG, userId: 'u1' } });
  const { id } = made.json;
  const gone = (await served.call('/api/letters', { as: 'user:u1', body: { text: 'b' } })).json.id;
  const operations = [
    { create: 'orders', record: { number: '1' } },
    ...Array.from({ length: 20 }, () => ({ update: 'letters', id, changes: { verdict: 'x' } })),
    { delete: 'letters', id: gone },
    { create: 'letters', record: { text: 'c', userId: 'u1' } },
  ];
  const send = () =>
    served.call('/api/batch', { as: 'user:u1', body: { operations }, headers: { 'idempotency-key': 'k' } });
  const first = await send();
  expect([first.status, await keptBytes()]).toEqual([200, 0]);
  const again = await send();
  const ids = (answer: typeof first) => answer.json.results.map((one: { id: string } | null) => one?.id);
  expect(again.status).toBe(200);
  expect(ids(again)).toEqual(ids(first));
  expect(again.json.results.at(-1)).toEqual(first.json.results.at(-1));
  await served.records.data.delete(letters, first.json.results.at(-1).id);
  expect((await send()).json.results.at(-1)).toBeNull();
  expect(await count()).toBe(1);
});

it('a user has a number of keys, and the oldest go', async () => {
  await create('1', 'first');
  await served.database.run({
    sql: `insert into maque_idempotency_keys (caller, keyHash, digest, text, createdAt) with recursive n(i) as (select 1 union all select i + 1 from n where i < ${KEYS_OF_A_USER - 1}) select 'user:u1', 'h' || i, '', '', ${clock.now()} + i from n`,
    parameters: [],
  });
  expect((await create('1', 'first')).status).toBe(201);
  clock.advance(10_000);
  await create('2', 'second');
  expect(await keys()).toBe(KEYS_OF_A_USER);
  expect((await create('3', 'second')).status).toBe(409);
  expect((await create('4', 'first')).status).toBe(201);
  expect(await keys()).toBe(KEYS_OF_A_USER);
});

it('what a user was answered can be forgotten', async () => {
  await create('1', 'k');
  await create('2', 'k', 'user:u2');
  await deleteKeysOfUser(served.database, 'u1');
  expect(await keys()).toBe(1);
});

it.each(['', 'a b', 'ÿ', 'x'.repeat(201)])('refuses the key %j', async (key) => {
  const { status, json } = await create('1', key);
  expect([status, json.error.details]).toEqual([
    400,
    [{ path: 'Idempotency-Key', issue: 'must have 1 to 200 visible ASCII characters' }],
  ]);
  expect(await count()).toBe(0);
});
