import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Data } from '../../define/data.ts';
import type { RelationTarget } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { Where } from '../../define/rules.ts';
import type { Database } from '../../ports/database.ts';

const areas = collection({
  fields: {
    name: field.text({ maxLength: 20 }),
    within: field.relation((): RelationTarget => areas).optional(),
  },
  softDelete: { keepFor: '30d' },
});
const tags = collection({ fields: { name: field.text({ maxLength: 20 }), rank: field.int().optional() } });
const shops = collection({
  fields: {
    name: field.text({ maxLength: 20 }),
    area: field.relation(() => areas).optional(),
    tags: field.relations(() => tags, { maxItems: 5 }).default([]),
    keepers: field.users({ maxItems: 5 }).optional(),
    words: field.list(field.text({ maxLength: 10 }), { maxItems: 5 }).optional(),
    sizes: field.list(field.int(), { maxItems: 5 }).default([]),
    address: field
      .object({
        city: field.text({ maxLength: 20 }),
        floor: field.int().optional(),
        isOpen: field.bool(),
        since: field.datetime(),
        doors: field.list(field.bool(), { maxItems: 3 }),
        spot: field.geo().optional(),
      })
      .optional(),
    extras: field
      .json({ shape: { color: field.text({ maxLength: 10 }), inner: field.object({ n: field.int() }) } })
      .optional(),
    at: field.geo().optional(),
  },
});
/** Called as tables are inside of queries, or nearly. */
const items = collection({
  fields: {
    value: field.list(field.int(), { maxItems: 3 }),
    others: field.relations((): RelationTarget => items, { maxItems: 3 }).default([]),
    other: field.relation((): RelationTarget => items).optional(),
  },
});
const app = defineApp({ collections: { areas, tags, shops, item: items } });

let store: StoredRecords;
let database: Database;
let db: Data;

const address = { isOpen: true, doors: [], since: '2026-01-01T00:00:00.000Z' };

beforeAll(async () => {
  store = await storeRecords(app);
  const { records } = store;
  ({ database } = store);
  db = records.data;
  await db.create(areas, { id: 'zj', name: '浙江' });
  await db.create(areas, { id: 'hz', name: '杭州', within: 'zj' });
  await db.create(areas, { id: 'gone', name: '不再' });
  await db.create(tags, { id: 'tea', name: '茶', rank: 1 });
  await db.create(tags, { id: 'food', name: '食' });
  await db.create(shops, {
    id: 'a',
    name: 'a',
    area: 'hz',
    tags: ['food', 'tea'],
    keepers: ['u1', 'u2'],
    words: ['绿茶', "it's"],
    sizes: [1, 2],
    address: { ...address, city: '杭州', floor: 3, doors: [true], spot: { lat: 30.25, lng: 120.15 } },
    extras: { color: 'red', inner: { n: 5 }, free: [1] },
    at: { lat: 30.2741, lng: 120.1551 },
  });
  await db.create(shops, {
    id: 'b',
    name: 'b',
    area: 'zj',
    tags: ['food'],
    keepers: [],
    words: [],
    address: { ...address, city: '宁波', isOpen: false, since: '2020-05-05T08:00:00+08:00' },
    extras: { color: 'blue' },
    at: { lat: 29.8683, lng: 121.544 },
  });
  await db.create(shops, { id: 'c', name: 'c' });
  await db.create(shops, {
    id: 'd',
    name: 'd',
    area: 'gone',
    extras: { free: [1, 2] },
    at: { lat: 0.001, lng: -179.999 },
  });
  // As it may be from before the shape was declared.
  await database.run({ sql: "update shops set extras = '[1,2]' where id = 'd'", parameters: [] });
  await db.delete(areas, 'gone');
});
afterAll(async () => {
  await store.close();
});

const found = async (where: Where<typeof shops.fields>): Promise<string> =>
  (await db.list(shops, { where, sort: ['id'] })).map(({ id }) => id).join('');

describe('what is inside of documents', () => {
  it.each<[string, Where<typeof shops.fields>, string]>([
    ['text', { 'address.city': '杭州' }, 'a'],
    ['another text', { 'address.city': { '!=': '杭州' } }, 'bcd'],
    ['one of several', { 'address.city': { in: ['杭州', '宁波'] } }, 'ab'],
    ['a number', { 'address.floor': { '>=': 3 } }, 'a'],
    ['no number', { 'address.floor': null }, 'bcd'],
    ['any number', { 'address.floor': { '!=': null } }, 'a'],
    ['true', { 'address.isOpen': true }, 'a'],
    ['false', { 'address.isOpen': false }, 'b'],
    ['not true', { 'address.isOpen': { '!=': true } }, 'bcd'],
    ['a time, in any zone', { 'address.since': '2020-05-05T00:00:00Z' }, 'b'],
    ['an earlier time', { 'address.since': { '<': '2026-01-01T08:00:00+08:00' } }, 'b'],
    ['an item', { 'address.doors': { has: true } }, 'a'],
    ['no such item', { 'address.doors': { has: false } }, ''],
    ['what is known of free JSON', { 'extras.color': 'red' }, 'a'],
  ])('can be asked for: %s', async (_, where, ids) => {
    expect(await found(where)).toBe(ids);
  });

  it('is ordered by', async () => {
    const byCity = await db.list(shops, { sort: ['-address.city', 'id'] as never });
    expect(byCity.map(({ id }) => id).join('')).toBe('abcd');
  });

  it('is not taken for what it is not, where it is older than its declaration', async () => {
    const old = '{"color":5,"inner":7}';
    await database.run({ sql: "update shops set extras = ? where id = 'c'", parameters: [old] });
    expect(await found({ 'extras.color': { '>': '0' } })).toBe('ab');
    expect(await found({ 'extras.color': null })).toBe('cd');
    await db.update(shops, 'c', { extras: null });
  });
});

describe('several values', () => {
  it.each<[string, Where<typeof shops.fields>, string]>([
    ['a record', { tags: { has: 'tea' } }, 'a'],
    ['a record that many have', { tags: { has: 'food' } }, 'ab'],
    ['no record', { tags: { has: 'none' } }, ''],
    ['a user', { keepers: { has: 'u2' } }, 'a'],
    ['a text', { words: { has: "it's" } }, 'a'],
    ['a number', { sizes: { has: 2 } }, 'a'],
  ])('are searched for one: %s', async (_, where, ids) => {
    expect(await found(where)).toBe(ids);
  });
});

describe('relations', () => {
  it.each<[string, Where<typeof shops.fields>, string]>([
    ['a field', { 'area.name': '浙江' }, 'b'],
    ['what is different', { 'area.name': { '!=': '浙江' } }, 'a'],
    ['what is nothing', { 'area.within': null }, 'b'],
    ['two of them', { 'area.within.name': '浙江' } as never, 'a'],
    ['one of several', { 'tags.name': '茶' }, 'a'],
    ['any of several', { 'tags.rank': null }, 'ab'],
    ['none', { 'tags.rank': { '>': 1 } }, ''],
    ['the id of what is behind', { 'tags.id': 'food' } as never, 'ab'],
    ['both ends', { 'area.name': '杭州', 'tags.name': '食', name: 'a' }, 'a'],
    ['what was deleted, which is behind nothing', { 'area.name': '不再' }, ''],
    ['what was deleted, however little is asked of it', { 'area.name': { '!=': 'x' } }, 'ab'],
  ])('lead to %s', async (_, where, ids) => {
    expect(await found(where)).toBe(ids);
  });
});

it('finds its way among tables of any name, and from one to itself', async () => {
  await db.create(items, { id: 'i1', value: [1] });
  await db.create(items, { id: 'i2', value: [2], others: ['i1'], other: 'i1' });
  await db.create(items, { id: 'i3', value: [3], others: ['i2'], other: 'i2' });
  const idsOf = async (where: object) =>
    (await db.list(items, { where: where as never, sort: ['id'] })).map(({ id }) => id);
  expect(await idsOf({ value: { has: 2 } })).toEqual(['i2']);
  expect(await idsOf({ 'other.value': { has: 1 } })).toEqual(['i2']);
  expect(await idsOf({ 'others.others.value': { has: 1 } })).toEqual(['i3']);
  expect(await idsOf({ 'other.others': { has: 'i1' } })).toEqual(['i3']);
});

describe('what is near', () => {
  const westLake = { lat: 30.2587, lng: 120.1315 };
  it.each<[string, Where<typeof shops.fields>, string]>([
    ['within two kilometers, nothing', { at: { near: { ...westLake, meters: 2_000 } } }, ''],
    ['within three, one', { at: { near: { ...westLake, meters: 3_000 } } }, 'a'],
    ['across the 180th meridian', { at: { near: { lat: 0, lng: 179.999, meters: 500 } } }, 'd'],
    ['in a document', { 'address.spot': { near: { ...westLake, meters: 5_000 } } } as never, 'a'],
    ['at a pole', { at: { near: { lat: 90, lng: 0, meters: 100_000 } } }, ''],
  ])('is found %s', async (_, where, ids) => {
    expect(await found(where)).toBe(ids);
  });
});

it.each([
  [{ nmae: 1 }, 'nmae'],
  [{ 'address.cty': 1 }, 'address.cty'],
  [{ 'area.nmae': 1 }, 'area.nmae'],
  [{ 'area.within.within.name': 1 }, 'area.within.within.name'],
  [{ tags: 'tea' }, 'tags'],
  [{ tags: { has: null } }, 'tags'],
  [{ at: { near: { lat: 1, lng: 1 } } }, 'at'],
  [{ at: { near: { lat: 1, lng: 1, meters: 100_001 } } }, 'at'],
  [{ name: { in: 'a' } }, 'name'],
  [{ id: { in: Array.from({ length: 10_000 }, (_, index) => `r${index}`) } }, 'id'],
])('refuses %o', async (where, path) => {
  await expect(db.list(shops, { where: where as never })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    details: [{ path }],
  });
});
