import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createManualClock, DAY, type ManualClock, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jpegOf } from '../../../testing/multipart.ts';
import { type ServedFiles, serveFiles } from '../../../testing/serve-files.ts';
import { collection, defineApp, field } from '../../define/index.ts';
import { insertUser, updateProfile } from '../users/user-store.ts';
import { OrphanSweep } from './orphan-sweep.ts';

const rules = { list: 'public', read: 'public', create: 'user', update: 'user', delete: 'user' } as const;
const albums = collection({
  fields: {
    cover: field.file().optional(),
    photos: field.files({ maxItems: 5 }).default([]),
    story: field.richText({ maxLength: 2_000 }).optional(),
    extras: field.json().optional(),
    link: field.text({ maxLength: 100 }).optional(),
  },
  softDelete: { keepFor: '30d' },
  rules,
});
const withFields = defineApp({ collections: { albums } });
const withoutFields = defineApp({
  collections: { notes: collection({ fields: { photo: field.text({ maxLength: 100 }) }, rules }) },
});

const opened = new AsyncDisposableStack();
let clock: ManualClock;
let folder: string;
let served: ServedFiles;
beforeAll(async () => {
  folder = opened.use(await tempFolder()).path;
  clock = createManualClock(Date.now());
  served = await serveFiles(withFields, { folder, clock });
  opened.defer(() => served.close());
  served.jobs.start();
});
afterAll(() => opened.disposeAsync());

const upload = async () => (await served.upload('user:ann', jpegOf(100))).id;
const there = async (...ids: string[]) => {
  const { query } = served.database;
  const rows = await query.selectFrom('maque_uploads').select('id').where('id', 'in', ids).execute();
  const found = new Set(rows.map(({ id }) => id));
  return ids.map((id) => found.has(id));
};
const sweepOf = ({ database, files, jobs, records }: ServedFiles) =>
  new OrphanSweep({ database, files, jobs, clock, models: records.models });
const sweep = async (part: 'removeUnnamed' | 'removeStray' = 'removeUnnamed') =>
  sweepOf(served)[part](AbortSignal.timeout(20_000));

it('removes what nothing names, a day after it came and not before', async () => {
  const id = await upload();
  clock.advance(DAY);
  await sweep();
  expect(await there(id)).toEqual([true]);
  clock.advance(1);
  await sweep();
  expect(await there(id)).toEqual([false]);
});

it('leaves what a field, a link, a text, a document or a profile names, and what is hidden only', async () => {
  const ids = await Promise.all(Array.from({ length: 9 }, upload));
  const [
    cover = '',
    first = '',
    second = '',
    rich = '',
    json = '',
    text = '',
    avatar = '',
    hidden = '',
    none = '',
  ] = ids;
  const create = (record: object) => served.call('/api/albums', { as: 'user:ann', body: record });
  const made = [
    await create({ cover, photos: [first, second] }),
    await create({ story: `<p>so <img src="/api/uploads/${rich}?size=640"></p>` }),
    await create({ extras: { deep: [{ photo: `https://shop.example/api/uploads/${json}` }] } }),
    await create({ link: `/api/uploads/${text}` }),
    await create({ photos: [hidden] }),
  ];
  expect(made.map(({ status }) => status)).toEqual(Array(5).fill(201));
  await served.call(`/api/albums/${made[4]?.json.id}`, { method: 'DELETE', as: 'user:ann' });
  await insertUser(served.database, 'u1', clock.now());
  await updateProfile(served.database, 'u1', { avatarUrl: `/api/uploads/${avatar}` }, clock.now());
  clock.advance(DAY + 1);
  await sweep();
  expect(await there(...ids)).toEqual([...Array(8).fill(true), false]);
  expect(none).not.toBe('');
});

it('looks through all of them, however many came in the same millisecond', async () => {
  const ids = Array.from({ length: 1_203 }, (_, index) => index.toString(16).padStart(32, '0'));
  const { query } = served.database;
  const createdAt = clock.now() - 2 * DAY;
  for (const id of ids) {
    const row = { id, ownerId: 'ann', type: 'image/jpeg', bytes: 1, isPrivate: 0 };
    await query
      .insertInto('maque_uploads')
      .values({ ...row, createdAt })
      .execute();
  }
  const [named = ''] = ids.slice(-1);
  await served.call('/api/albums', { as: 'admin:root', body: { cover: named } });
  await sweep();
  const rows = await query.selectFrom('maque_uploads').select('id').where('id', 'in', ids).execute();
  expect(rows).toEqual([{ id: named }]);
});

it('ends when it is told to', async () => {
  await expect(sweepOf(served).removeUnnamed(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
});

it('leaves all that there is where no collection has fields of files', async () => {
  await using temp = await tempFolder();
  const other = await serveFiles(withoutFields, { folder: temp.path, clock });
  try {
    const { url } = await other.upload('user:ann', jpegOf(100));
    clock.advance(2 * DAY);
    await sweepOf(other).removeUnnamed(AbortSignal.timeout(20_000));
    expect((await other.load(url)).status).toBe(200);
  } finally {
    await other.close();
  }
});

it('removes files of a month ago that no upload is about, and nothing that has another name', async () => {
  const kept = await upload();
  const stray = 'ab'.repeat(16);
  const strangers = ['uploads/ab/readme.txt', `thumbnails/ab/${stray}-big`];
  const strays = [`uploads/ab/${stray}`, `thumbnails/ab/${stray}-160`];
  const fresh = `uploads/cd/${'cd'.repeat(16)}`;
  for (const key of [...strays, ...strangers, fresh]) {
    await served.files.put(key, once(jpegOf(10)), { maxBytes: 99, contentType: () => 'image/jpeg' });
  }
  const before = (clock.now() - 30 * DAY - MINUTE) / 1_000;
  const keptKey = `uploads/${kept.slice(0, 2)}/${kept}`;
  for (const key of [...strays, ...strangers, keptKey]) {
    await utimes(join(folder, 'files', 'files', key), before, before);
  }
  const lately = (clock.now() - 30 * DAY + MINUTE) / 1_000;
  await utimes(join(folder, 'files', 'files', fresh), lately, lately);
  await sweep('removeStray');
  const isThere = async (key: string) => (await served.files.stat(key)) !== undefined;
  expect(await Promise.all(strays.map(isThere))).toEqual([false, false]);
  expect(await Promise.all([...strangers, fresh, keptKey].map(isThere))).toEqual([true, true, true, true]);
});

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
