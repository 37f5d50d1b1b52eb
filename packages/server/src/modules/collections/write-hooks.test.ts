import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';

/** Its hooks write the very record that they run for. */
const counted = collection({
  fields: { text: field.text({ maxLength: 20 }), writes: field.int().default(0) },
  softDelete: { keepFor: '1d' },
  rules: { read: 'public', create: 'public', update: 'public', delete: 'public' },
  hooks: {
    create: { after: async ({ record, db }) => void (await db.increment(counted, record.id, { writes: 1 })) },
    update: {
      async before({ record, db }) {
        await db.increment(counted, record.id, { writes: 1 });
        return undefined;
      },
      after: async ({ record, db }) => void (await db.increment(counted, record.id, { writes: 1 })),
    },
    restore: {
      after: async ({ record, db }) => void (await db.increment(counted, record.id, { writes: 1 })),
    },
  },
});
const short = (text: string) => {
  if (text.length > 3) throw new Error('too long for me');
  return text;
};
const computed = collection({
  fields: { text: field.text({ maxLength: 20 }) },
  computed: { short: { as: field.text({ maxLength: 3 }), from: ({ text }) => short(text) } },
  rules: { create: 'public' },
});
const viewed = collection({
  fields: { text: field.text({ maxLength: 20 }) },
  hooks: { read: { after: ({ record }) => void short(record.text) } },
  rules: { create: 'public' },
});
/** Its hook fills in what the caller knows nothing of. */
const cards = collection({
  fields: {
    text: field.text({ maxLength: 20 }),
    serial: field.text({ maxLength: 20 }).unique().optional().hidden(),
    stock: field.text({ maxLength: 20 }).unique().optional(),
    phone: field.text({ maxLength: 20 }).unique().optional(),
  },
  rules: {
    create: 'public',
    fields: { stock: { read: 'nobody', write: 'admin' }, phone: { read: 'admin' } },
  },
  hooks: {
    create: {
      before: ({ record }) => {
        const [kind, value] = record.text.split(' ');
        return kind === 'plain' ? undefined : ({ ...record, [kind ?? '']: value } as typeof record);
      },
    },
  },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  const app = defineApp({ collections: { counted, computed, viewed, cards } });
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

it('may write the record that they run for: the caller is answered with it as it is kept', async () => {
  const created = await served.call('/api/counted', { body: { text: 'one' } });
  const path = `/api/counted/${created.json.id}`;
  const kept = async () => {
    const { json, headers } = await served.call(path);
    return { json, tag: headers.get('etag') };
  };
  expect({ json: created.json, tag: created.headers.get('etag') }).toEqual(await kept());
  expect(created.json.writes).toBe(1);

  const headers = { 'if-match': created.headers.get('etag') ?? '' };
  const changed = await served.call(path, { method: 'PATCH', body: { text: 'two' }, headers });
  expect([changed.status, changed.json.text, changed.json.writes]).toEqual([200, 'two', 3]);
  expect({ json: changed.json, tag: changed.headers.get('etag') }).toEqual(await kept());

  await served.call(path, { method: 'DELETE' });
  const restored = await served.call(`${path}/restore`, { method: 'POST' });
  expect(restored.json.writes).toBe(4);
  expect({ json: restored.json, tag: restored.headers.get('etag') }).toEqual(await kept());
});

it.each([
  ['a computed field', 'computed', computed],
  ['the hook of reading', 'viewed', viewed],
] as const)('%s that fails while the answer is made leaves nothing behind', async (_, name, declared) => {
  expect((await served.call(`/api/${name}`, { body: { text: 'much' } })).status).toBe(500);
  expect(await served.records.data.list(declared)).toEqual([]);
  expect((await served.call(`/api/${name}`, { body: { text: 'tea' } })).status).toBe(201);
});

it.each<[string, object, string]>([
  ['a hidden field', { text: 'serial 7' }, 'A record with the same value exists'],
  ['a field that the caller may not read', { text: 'stock 7' }, 'A record with the same value exists'],
  ['a field that the caller has named', { text: 'plain', phone: '7' }, 'A record with the same phone exists'],
])('a value that is taken of %s is told of without more than is known', async (_, body, message) => {
  await served.records.data.create(cards, { text: 'first', serial: '7', stock: '7', phone: '7' });
  const answer = await served.call('/api/cards', { body });
  expect(answer).toMatchObject({ status: 409, json: { error: { code: 'CONFLICT', message } } });
  expect(answer.text).not.toMatch(/serial|stock/);
});
