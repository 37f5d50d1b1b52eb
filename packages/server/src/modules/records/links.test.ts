import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Data } from '../../define/data.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { Database } from '../../ports/database.ts';
import type { RecordModel } from './record-model.ts';
import type { Records } from './records.ts';

const tags = collection({ fields: { name: field.text({ maxLength: 20 }) } });
const posts = collection({
  fields: {
    title: field.text({ maxLength: 20 }),
    tags: field.relations(() => tags, { maxItems: 1_000 }),
    members: field.users({ maxItems: 10 }).optional(),
  },
});
const app = defineApp({ collections: { tags, posts } });

let store: StoredRecords;
let database: Database;
let db: Data;
let records: Records;

beforeEach(async () => {
  store = await storeRecords(app);
  ({ database, records } = store);
  db = records.data;
  for (const id of ['tea', 'food', 'old']) await db.create(tags, { id, name: id });
});
afterEach(async () => {
  await store.close();
});

const linked = () =>
  database.all<{ readonly targetId: string }>({
    sql: 'select * from posts__tags order by recordId, position',
    parameters: [],
  });
const titled = async (where: Parameters<typeof db.list<typeof posts>>[1]) =>
  (await db.list(posts, { ...where, sort: ['title'] })).map(({ title }) => title);

describe('fields of several ids', () => {
  it('come back in their order, and are rows of their own beside', async () => {
    const { id } = await db.create(posts, { title: 'a', tags: ['food', 'tea'], members: ['u1'] });
    expect(await db.get(posts, id)).toMatchObject({ tags: ['food', 'tea'], members: ['u1'] });
    expect(await linked()).toEqual([
      { recordId: id, targetId: 'food', position: 0 },
      { recordId: id, targetId: 'tea', position: 1 },
    ]);
  });

  it('follow a change, and go with their record', async () => {
    const { id } = await db.create(posts, { title: 'a', tags: ['food', 'tea'] });
    await db.update(posts, id, { tags: ['old'] });
    expect(await linked()).toEqual([{ recordId: id, targetId: 'old', position: 0 }]);
    await db.update(posts, id, { title: 'b' });
    expect(await linked()).toHaveLength(1);
    await db.update(posts, id, { tags: [] });
    expect(await linked()).toEqual([]);
    await db.update(posts, id, { tags: ['tea'] });
    await db.delete(posts, id);
    expect(await linked()).toEqual([]);
    expect(await db.update(posts, id, { tags: ['tea'] })).toBe(false);
    expect(await linked()).toEqual([]);
  });

  it('name only records that exist, or nothing is written', async () => {
    const create = db.create(posts, { title: 'a', tags: ['tea', 'none', 'food', 'gone'] });
    await expect(create).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ path: 'tags.1' }, { path: 'tags.3' }],
    });
    expect(await db.list(posts)).toEqual([]);
    // Nor by a transaction that goes on after the refusal.
    await db.transaction(async (tx) => {
      await tx.create(posts, { title: 'c', tags: ['tea', 'none'] }).catch(() => {});
    });
    expect(await db.list(posts)).toEqual([]);
    const { id } = await db.create(posts, { title: 'a', tags: ['tea'] });
    await expect(db.update(posts, id, { title: 'b', tags: ['none'] })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect(await db.get(posts, id)).toMatchObject({ title: 'a', tags: ['tea'] });
    expect(await linked()).toHaveLength(1);
  });

  it('keep what they name from being deleted', async () => {
    const { id } = await db.create(posts, { title: 'a', tags: ['tea'] });
    await expect(db.delete(tags, 'tea')).rejects.toMatchObject({ code: 'RECORD_IN_USE' });
    await db.update(posts, id, { tags: [] });
    expect(await db.delete(tags, 'tea')).toBe(true);
  });

  it('take 1,000 ids, and no more', { timeout: 20_000 }, async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
    await db.transaction(async (tx) => {
      for (const id of ids) await tx.create(tags, { id, name: id });
    });
    const { id } = await db.create(posts, { title: 'many', tags: ids });
    expect((await linked()).map(({ targetId }) => targetId)).toEqual(ids);
    expect(await titled({ where: { tags: { has: 't999' } } })).toEqual(['many']);
    await expect(db.update(posts, id, { tags: [...ids, 'tea'] })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const missing = ids.with(500, 'none');
    await expect(db.update(posts, id, { tags: missing })).rejects.toMatchObject({
      details: [{ path: 'tags.500' }],
    });
  });
});

describe('lists by what records have', () => {
  it('find them whether few have it or many', async () => {
    const many = 1_100;
    await db.transaction(async (tx) => {
      for (let index = 0; index < many; index += 1) {
        const title = `p${String(index).padStart(4, '0')}`;
        await tx.create(posts, { title, tags: index < 2 ? ['food', 'tea'] : ['food'], members: ['u1'] });
      }
    });
    expect(await titled({ where: { tags: { has: 'tea' } } })).toEqual(['p0000', 'p0001']);
    expect(await titled({ where: { tags: { has: 'food' } }, limit: 3 })).toEqual(['p0000', 'p0001', 'p0002']);
    expect(await titled({ where: { 'tags.name': 'tea' } })).toEqual(['p0000', 'p0001']);
    expect(await titled({ where: { 'tags.name': 'food', members: { has: 'u1' } }, limit: 1 })).toEqual([
      'p0000',
    ]);
    expect(await titled({ where: { members: { has: 'u2' } } })).toEqual([]);

    // A stranger's list has its time, wherever in it the work is.
    const { store, connection } = records.session;
    const model = records.models.find(({ name }) => name === 'posts') as RecordModel;
    const name = { kind: 'like', field: 'name', pattern: '%f%', negated: false } as const;
    const behind = { kind: 'related', field: 'tags', part: name, negated: false } as const;
    const list = { condition: behind, callerId: undefined, sort: model.sort, columns: model.columns };
    expect(
      await store.lists.select(connection, model, { ...list, limit: 1_000, maxMs: 60_000 }),
    ).toHaveLength(1_000);
    const inNoTime = store.lists.select(connection, model, { ...list, limit: 1_000, maxMs: 0 });
    await expect(inNoTime).rejects.toMatchObject({ code: 'QUERY_TOO_COSTLY' });

    // All its statements share the time: each of these alone looks at too few rows to be stopped.
    const nobodys = { kind: 'has', field: 'members', operand: 'u2', negated: false } as const;
    const selection = { ...list, condition: nobodys, limit: 10, maxMs: 0 };
    await expect(store.lists.select(connection, model, selection)).rejects.toMatchObject({
      code: 'QUERY_TOO_COSTLY',
    });
    const counted = { of: nobodys, callerId: undefined, maxMs: 0, max: 10 };
    await expect(store.lists.count(connection, model, counted)).rejects.toMatchObject({
      code: 'QUERY_TOO_COSTLY',
    });
  });
});
