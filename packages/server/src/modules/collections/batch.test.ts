import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';

let kept: string[] = [];

const orders = collection({
  fields: {
    number: field.text({ maxLength: 20 }).unique(),
    userId: field.caller(),
    note: field.text({ maxLength: 20 }).optional(),
  },
  rules: { read: owner('userId'), create: 'user', update: owner('userId'), delete: owner('userId') },
  hooks: { create: { after: ({ record, afterCommit }) => afterCommit(() => void kept.push(record.number)) } },
});
const items = collection({
  fields: { order: field.relation(() => orders), name: field.text({ maxLength: 20 }) },
  rules: { create: 'user' },
});
let slowWrites = 0;
const slow = collection({
  fields: { name: field.text({ maxLength: 20 }) },
  rules: { create: 'user' },
  hooks: {
    create: {
      after() {
        slowWrites += 1;
        for (const end = performance.now() + 5; performance.now() < end; );
      },
    },
  },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;

beforeEach(async () => {
  kept = [];
  folder = await temporaryFolder();
  served = await serveApp(defineApp({ collections: { orders, items, slow } }), {
    path: join(folder.path, 'app.sqlite'),
  });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const batch = (operations: unknown, as: string | undefined = 'user:u1') =>
  served.call('/api/batch', { as, body: { operations } });

async function refusalOf(operations: unknown, as?: string) {
  const { status, json } = await batch(operations, as);
  return [status, json.error?.code, json.error?.details?.[0]?.path];
}

it('does all of it, in order, and answers each record', async () => {
  const { data } = served.records;
  await data.create(orders, { id: 'old', number: '1', userId: 'u1' });
  await data.create(orders, { id: 'gone', number: '2', userId: 'u1' });
  const { status, json } = await batch([
    { delete: 'orders', id: 'gone' },
    { create: 'orders', record: { number: '2' } },
    { update: 'orders', id: 'old', changes: { note: 'hi' } },
    { create: 'items', record: { order: 'old', name: 'tea' } },
  ]);
  expect(status).toBe(200);
  expect(json.results).toEqual([
    null,
    expect.objectContaining({ number: '2', userId: 'u1' }),
    expect.objectContaining({ id: 'old', note: 'hi' }),
    expect.objectContaining({ order: 'old', name: 'tea' }),
  ]);
  expect((await data.list(orders)).map(({ number }) => number).toSorted()).toEqual(['1', '2']);
  expect(kept).toEqual(['2']);
});

it.each([
  ['a rule', { update: 'orders', id: 'theirs', changes: { note: 'x' } }, 404, 'NOT_FOUND', 'operations.1'],
  [
    'a wrong value',
    { create: 'orders', record: { number: 7 } },
    400,
    'VALIDATION_FAILED',
    'operations.1.number',
  ],
  ['a value that is taken', { create: 'orders', record: { number: '9' } }, 409, 'CONFLICT', 'operations.1'],
  [
    'another version',
    { update: 'orders', id: 'mine', changes: { note: 'x' }, ifMatch: '"0"' },
    412,
    'PRECONDITION_FAILED',
    'operations.1',
  ],
  ['no such record', { delete: 'orders', id: 'none' }, 404, 'NOT_FOUND', 'operations.1'],
  ['a rule for nobody', { delete: 'items', id: 'none' }, 403, 'FORBIDDEN', 'operations.1'],
])('%s undoes all of it, and says where', async (_, operation, status, code, path) => {
  const { data } = served.records;
  await data.create(orders, { id: 'theirs', number: '9', userId: 'u2' });
  await data.create(orders, { id: 'mine', number: '8', userId: 'u1' });
  const first = { create: 'orders', record: { number: '1' } };
  expect(await refusalOf([first, operation])).toEqual([status, code, path]);
  expect((await data.list(orders)).map(({ id }) => id).toSorted()).toEqual(['mine', 'theirs']);
  expect(kept).toEqual([]);
});

it.each([
  ['nothing', undefined, 'operations'],
  ['no operation', [], 'operations'],
  ['too many', new Array(101).fill({ create: 'orders', record: { number: '1' } }), 'operations'],
  ['no object', ['create'], 'operations.0'],
  ['no collection', [{ create: 'maque_users', record: {} }], 'operations.0'],
  ['two operations in one', [{ create: 'orders', delete: 'orders', id: 'x', record: {} }], 'operations.0'],
  ['an unknown word', [{ create: 'orders', record: { number: '1' }, upsert: true }], 'operations.0'],
  ['no id', [{ delete: 'orders' }], 'operations.0'],
  ['an id that is none', [{ delete: 'orders', id: 7 }], 'operations.0'],
])('refuses %s', async (_, operations, path) => {
  expect(await refusalOf(operations)).toEqual([400, 'VALIDATION_FAILED', path]);
});

it('asks for a login where a rule does', async () => {
  const anonymous = await served.call('/api/batch', {
    body: { operations: [{ create: 'orders', record: { number: '1' } }] },
  });
  expect([anonymous.status, anonymous.json.error.code]).toEqual([401, 'AUTH_REQUIRED']);
});

it('is done once for each key', async () => {
  const operations = [{ create: 'orders', record: { number: '1' } }];
  const headers = { 'idempotency-key': 'k-1' };
  const send = () => served.call('/api/batch', { as: 'user:u1', headers, body: { operations } });
  const [first, second] = [await send(), await send()];
  expect(second.text).toBe(first.text);
  expect(await served.records.data.list(orders)).toHaveLength(1);
  expect(kept).toEqual(['1']);
});

it('lets others have their turn in between', async () => {
  slowWrites = 0;
  const done = batch(new Array(20).fill({ create: 'slow', record: { name: 'x' } }));
  while (slowWrites === 0) await setImmediate();
  expect(slowWrites).toBeLessThan(20);
  expect((await done).status).toBe(200);
  expect(slowWrites).toBe(20);
});
