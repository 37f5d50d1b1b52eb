import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { role } from '../../define/rules.ts';

const shops = collection({
  fields: {
    name: field.text({ maxLength: 40 }),
    note: field.text({ maxLength: 80 }),
    at: field.geo().optional(),
    stars: field.int(),
  },
  search: ['name', 'note'],
  indexes: [['stars']],
  rules: {
    list: { stars: { '>': 0 } },
    fields: { note: { read: ['user', role('clerk')] } },
  },
});
const app = defineApp({ collections: { shops }, roles: ['clerk'] });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;

// Hangzhou, the West Lake; each further shop 0.01° to the north, which is 1,112 m.
const LAKE = { lat: 30.25, lng: 120.15 };

beforeEach(async () => {
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  const { data } = served.records;
  const shop = (id: string, name: string, note: string, stars: number, north: number | null) =>
    data.create(shops, {
      ...{ id, name, note, stars },
      at: north === null ? null : { lat: LAKE.lat + north / 100, lng: LAKE.lng },
    });
  await shop('s0', '龙井茶庄', '明前绿茶', 5, 0);
  await shop('s1', '茶叶店', '龙井与红茶', 4, 1);
  await shop('s2', '咖啡', '也有绿茶', 3, 2);
  await shop('s3', '绿茶馆', '安静', 2, 3);
  await shop('s4', '关门的绿茶', '绿茶', 0, 0);
  await shop('s5', '网店', '只在网上', 1, null);
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const list = async (query: Record<string, string>, as?: string) =>
  (await served.call(`/api/shops?${new URLSearchParams(query)}`, as === undefined ? {} : { as })).json;
const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);

/** All pages of a list, one record each. */
async function pages(query: Record<string, string>, as?: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await list(cursor === '' ? { ...query, limit: '1' } : { ...query, limit: '1', cursor }, as);
    found.push(...idsOf(page));
    cursor = page.nextCursor;
  }
  return found;
}

describe('count', () => {
  it('tells how many there are on all pages, as far as this caller may list them', async () => {
    expect(await list({ count: 'true', limit: '2' })).toMatchObject({ total: 5 });
    expect(await list({ count: 'true', filter: 'stars >= 3' })).toMatchObject({ total: 3 });
    expect(await list({ count: 'true' }, 'admin:a1')).toMatchObject({ total: 6 });
    expect(await list({})).not.toHaveProperty('total');
    expect((await list({ count: '1' })).error.details[0].path).toBe('count');
  });
});

describe('near', () => {
  const circle = (meters: number) => `at,${LAKE.lat},${LAKE.lng},${meters}`;

  it('finds what is in the circle, the nearest first, with the way there', async () => {
    const { items } = await list({ near: circle(2_500), fields: 'id' });
    expect(items).toEqual([
      { id: 's0', distance_m: 0 },
      { id: 's1', distance_m: 1112 },
      { id: 's2', distance_m: 2224 },
    ]);
    expect(await list({ near: circle(2_500), count: 'true' })).toMatchObject({ total: 3 });
  });

  it('goes on by cursors, and takes another order', async () => {
    expect(await pages({ near: circle(5_000) })).toEqual(['s0', 's1', 's2', 's3']);
    expect(idsOf(await list({ near: circle(5_000), sort: 'stars' }))).toEqual(['s3', 's2', 's1', 's0']);
    expect(idsOf(await list({ near: circle(5_000), filter: 'stars < 4' }))).toEqual(['s2', 's3']);
  });

  it.each([
    ['at,30,120'],
    ['name,30,120,10'],
    ['at,30,120,0'],
    ['at,30,120,100001'],
    ['at,91,120,10'],
    ['at,NaN,1,1'],
    ['at,1e2,1,1'],
    ['at,30,120,10,1'],
    [''],
  ])('refuses %j', async (near) => {
    const { error } = await list({ near });
    expect([error.code, error.details[0].path]).toEqual(['VALIDATION_FAILED', 'near']);
  });
});

describe('search', () => {
  it('finds words in the fields of the collection, the most telling first', async () => {
    expect(idsOf(await list({ search: '绿茶' }, 'user:u1'))).toEqual(['s3', 's2', 's0']);
    expect(await pages({ search: '绿茶' }, 'user:u1')).toEqual(['s3', 's2', 's0']);
    expect(idsOf(await list({ search: '茶' }, 'user:u1'))).toHaveLength(4);
  });

  it('looks into what the caller may read and nowhere else', async () => {
    expect(idsOf(await list({ search: '绿茶' }))).toEqual(['s3']);
    expect(idsOf(await list({ search: '绿茶' }, 'staff:s1:clerk'))).toHaveLength(3);
  });

  it('takes another order, filters and a count', async () => {
    expect(idsOf(await list({ search: '绿茶', sort: '-stars' }, 'user:u1'))).toEqual(['s0', 's2', 's3']);
    expect(await list({ search: '绿茶', filter: 'stars > 2', count: 'true' }, 'user:u1')).toMatchObject({
      total: 2,
    });
  });

  it.each([[''], ['  '], ['茶'.repeat(101)]])('refuses %j', async (search) => {
    expect((await list({ search })).error.details[0].path).toBe('search');
  });

  it('takes a cursor of another search for none of this', async () => {
    const { nextCursor } = await list({ search: '绿茶', limit: '1' }, 'user:u1');
    expect((await list({ search: '红茶', limit: '1', cursor: nextCursor }, 'user:u1')).error.code).toBe(
      'CURSOR_INVALID',
    );
  });
});
