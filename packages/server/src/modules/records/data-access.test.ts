import { createManualClock } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Data } from '../../define/data.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { RecordChange } from './record-changes.ts';

const shelves = collection({ fields: { label: field.text({ maxLength: 20 }) } });
const books = collection({
  fields: {
    title: field.text({ maxLength: 20 }).unique(),
    copies: field.int({ min: 0, max: 10 }).default(1),
    open: field.bool().default(false),
    at: field.datetime().optional(),
    tags: field.list(field.text({ maxLength: 10 }), { maxItems: 3 }).default([]),
    facts: field.json().optional(),
    shelf: field.relation(() => shelves).optional(),
  },
  indexes: [['copies']],
});
const strangers = collection({ fields: { label: field.text({ maxLength: 20 }) } });
const app = defineApp({ collections: { books, shelves } });

const clock = createManualClock(Date.parse('2026-11-20T08:00:00.123Z'));
let store: StoredRecords;
let db: Data;
let changes: RecordChange[];

beforeEach(async () => {
  store = await storeRecords(app, clock);
  const { records } = store;
  db = records.data;
  changes = [];
  records.onChange((change) => changes.push(change));
});
afterEach(async () => {
  await store.close();
});

describe('records from the server’s own code', () => {
  it('come back as they were created, whatever their kind', async () => {
    const created = await db.create(books, {
      title: '茶经',
      at: '2026-05-01T08:00:00+08:00',
      open: true,
      tags: ['a', 'b'],
      facts: { pages: [1, { deep: null }] },
    });
    expect(created).toEqual({
      id: created.id,
      title: '茶经',
      copies: 1,
      open: true,
      at: '2026-05-01T00:00:00.000Z',
      tags: ['a', 'b'],
      facts: { pages: [1, { deep: null }] },
      shelf: null,
      createdAt: '2026-11-20T08:00:00.123Z',
      updatedAt: '2026-11-20T08:00:00.123Z',
    });
    expect(await db.get(books, created.id)).toEqual(created);
    expect(await db.get(books, 'nothing')).toBeUndefined();
  });

  it('are found by many ids at once, each once', async () => {
    for (const id of ['b1', 'b2', 'b3']) await db.create(books, { id, title: id });
    const found = await db.getMany(books, ['b3', 'no', 'b1', 'b1', "' or 1=1"]);
    expect([...found.keys()].toSorted()).toEqual(['b1', 'b3']);
    expect(found.get('b3')).toMatchObject({ title: 'b3' });
    expect((await db.getMany(books, [])).size).toBe(0);
  });

  it('are listed by condition, order and limit', async () => {
    for (const [index, id] of ['b1', 'b2', 'b3', 'b4'].entries()) {
      await db.create(books, { id, title: id, copies: index, open: index % 2 === 1 });
    }
    const titles = async (...options: Parameters<typeof db.list<typeof books>>) =>
      (await db.list(...options)).map(({ title }) => title);
    expect(await titles(books, { where: { copies: { '>=': 1, '<': 3 } }, sort: ['-copies'] })).toEqual([
      'b3',
      'b2',
    ]);
    expect(await titles(books, { where: { open: true }, sort: ['title'], limit: 1 })).toEqual(['b2']);
    expect(await titles(books, { where: { title: { in: ['b1', 'b4', 'b9'] } }, sort: ['title'] })).toEqual([
      'b1',
      'b4',
    ]);
    expect(await titles(books, { where: { at: { '!=': null } } })).toEqual([]);
    await expect(db.list(books, { where: { titel: 'x' } as never })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await expect(db.list(books, { sort: ['facts' as never] })).rejects.toMatchObject({
      code: 'SORT_INVALID',
    });
    await expect(db.list(books, { limit: 1.5 })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('keep their bounds', async () => {
    await expect(db.create(books, { title: 'x'.repeat(21) })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ path: 'title', issue: expect.any(String) }],
    });
    await expect(db.create(books, { title: 'x', id: "x'--" })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await db.create(books, { id: 'b1', title: 'x' });
    await expect(db.update(books, 'b1', { copies: 11 })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(db.create(books, { title: 'x' })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { field: 'title' },
    });
    await expect(db.create(books, { id: 'b1', title: 'y' })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { field: 'id' },
    });
  });

  it('change, and say when', async () => {
    await db.create(books, { id: 'b1', title: 'x', tags: ['a'] });
    clock.advance(1_000);
    expect(await db.update(books, 'b1', { tags: [], open: true })).toBe(true);
    expect(await db.get(books, 'b1')).toMatchObject({
      tags: [],
      open: true,
      title: 'x',
      updatedAt: '2026-11-20T08:00:01.123Z',
    });
    expect(await db.update(books, 'no', { open: true })).toBe(false);
    expect(await db.delete(books, 'b1')).toBe(true);
    expect(await db.delete(books, 'b1')).toBe(false);
  });

  it('are incremented within their bounds or not at all', async () => {
    await db.create(books, { id: 'b1', title: 'x', copies: 3 });
    const take = () => db.increment(books, 'b1', { copies: -1 });
    const taken = await Promise.all([take(), take(), take(), take(), take()]);
    expect(taken.filter(Boolean)).toHaveLength(3);
    expect(await db.get(books, 'b1')).toMatchObject({ copies: 0 });
    expect(await db.increment(books, 'b1', { copies: 11 })).toBe(false);
    expect(await db.increment(books, 'no', { copies: 1 })).toBe(false);
    await expect(db.increment(books, 'b1', { copies: 0.5 })).rejects.toThrow(RangeError);
    await expect(db.increment(books, 'b1', { title: 1 } as never)).rejects.toThrow('is no number');
  });

  it('refer to records that exist, and hold them', async () => {
    await expect(db.create(books, { title: 'x', shelf: 'none' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ path: 'shelf', issue: 'refers to a record that does not exist' }],
    });
    const { id: shelf } = await db.create(shelves, { label: 's' });
    const { id } = await db.create(books, { title: 'x', shelf });
    await expect(db.delete(shelves, shelf)).rejects.toMatchObject({ code: 'RECORD_IN_USE', status: 409 });
    await db.delete(books, id);
    expect(await db.delete(shelves, shelf)).toBe(true);
  });

  it('are all written by a transaction, or none, and told of once they are', async () => {
    await db.transaction(async (tx) => {
      await tx.create(books, { id: 'b1', title: 'x' });
      await tx.update(books, 'b1', { copies: 2 });
      await tx.increment(books, 'b1', { copies: 1 });
      expect(changes).toEqual([]);
      expect(await db.get(books, 'b1')).toBeUndefined();
    });
    expect(changes).toEqual([{ collection: 'books', fields: 'all' }]);
    const failed = db.transaction(async (tx) => {
      await tx.increment(books, 'b1', { copies: 1 });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await db.get(books, 'b1')).toMatchObject({ copies: 3 });
    await db.increment(books, 'b1', { copies: 1 });
    expect(changes.slice(1)).toEqual([{ collection: 'books', fields: ['copies', 'updatedAt'] }]);
  });

  it('are reached by SQL of one’s own, with values as parameters', async () => {
    await db.create(books, { id: 'b1', title: "'; drop books; --" });
    const title = "'; drop books; --";
    const rows = await db.sql<{ n: number }>`select count(*) as n from books where title = ${title}`;
    expect(rows.map(({ n }) => n)).toEqual([1]);
    await db.sql`update books set copies = ${7} where id = ${'b1'}`;
    expect(await db.get(books, 'b1')).toMatchObject({ copies: 7 });
  });

  it('of a collection that is not in the app are refused', async () => {
    await expect(db.get(strangers, 'x')).rejects.toThrow('not in the app');
  });
});
