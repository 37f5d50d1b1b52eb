import { collection, defineApp, field } from '@maque/server/define';
import { expect, expectTypeOf, test } from 'vitest';
import { startScriptedServer } from '../testing/scripted-server.ts';
import type { NewRecordOf, RecordOf } from './app-types.ts';
import { createClient } from './client.ts';

const categories = collection({
  fields: { name: field.text({ maxLength: 20 }), parentId: field.relation('self').optional() },
});
const sellers = collection({
  fields: {
    name: field.text({ maxLength: 20 }),
    categoryIds: field.relations(() => categories, { maxItems: 5 }),
    at: field.geo(),
    secret: field.text({ maxLength: 20 }).hidden(),
  },
});
const products = collection({
  fields: {
    name: field.text({ maxLength: 80 }),
    price_fen: field.money(),
    category: field.enum(['tea', 'cup']),
    stock: field.int({ min: 0 }).default(0),
    picture: field.text({ maxLength: 200 }).optional(),
    ownerId: field.caller(),
    cost_fen: field.money().default(0).hidden(),
    sellerId: field.relation(() => sellers).optional(),
    size: field.object({ grams: field.int(), note: field.json() }).optional(),
    details: field.richText({ maxLength: 900 }).default(''),
  },
  authors: true,
  computed: { isSoldOut: { as: field.bool(), from: ({ stock }) => stock === 0 } },
});
const app = defineApp({ collections: { products, categories, sellers } });
type App = typeof app;

test('records, new records and changes have the types of the declared fields', () => {
  expectTypeOf<RecordOf<App, 'products'>>().toExtend<{
    readonly id: string;
    readonly createdAt: string;
    readonly name: string;
    readonly price_fen: number;
    readonly category: 'tea' | 'cup';
    readonly picture: string | null;
  }>();
  // Required ones must be there, the others may.
  expectTypeOf({ name: '龙井', price_fen: 6800, category: 'tea' as const }).toExtend<
    NewRecordOf<App, 'products'>
  >();
  expectTypeOf({ name: '龙井', price_fen: 6800 }).not.toExtend<NewRecordOf<App, 'products'>>();
});

test('facts and computed fields are answered, and written by nobody', () => {
  expectTypeOf<RecordOf<App, 'products'>>().toExtend<{
    readonly createdBy: string | null;
    readonly isSoldOut: boolean;
  }>();
  expectTypeOf<RecordOf<App, 'categories'>>().not.toHaveProperty('createdBy');
  expectTypeOf<NewRecordOf<App, 'products'>>().not.toHaveProperty('isSoldOut');
  expectTypeOf<NewRecordOf<App, 'products'>>().not.toHaveProperty('createdBy');
});

test('what comes along has the types of the collections behind, one deep and two', async () => {
  const page = { items: [], nextCursor: null };
  await using server = await startScriptedServer(() => ({ body: page }));
  const shelf = createClient<App>({ baseUrl: server.url }).collection('products');
  const { items } = await shelf.list({
    ...{ expand: ['sellerId.categoryIds'], search: '茶', count: true },
  });
  type Seller = NonNullable<NonNullable<(typeof items)[number]['expanded']>['sellerId']>;
  expectTypeOf<Seller['name']>().toEqualTypeOf<string>();
  expectTypeOf<Seller>().not.toHaveProperty('secret');
  type Category = NonNullable<Seller['expanded']>['categoryIds'][number];
  expectTypeOf<Category['parentId']>().toEqualTypeOf<string | null>();
  expectTypeOf<Category>().not.toHaveProperty('expanded');
  expectTypeOf((await shelf.list({ expand: ['sellerId'], fields: ['id'] })).items[0]).toExtend<
    { readonly id: string } | undefined
  >();

  const sellers = createClient<App>({ baseUrl: server.url }).collection('sellers');
  const near = await sellers.list({ near: { field: 'at', lat: 39.908, lng: 116.397, meters: 2_000 } });
  expectTypeOf(near.items[0]?.distance_m).toEqualTypeOf<number | undefined>();

  // @ts-expect-error a text leads nowhere
  await shelf.list({ expand: ['name'] });
  // @ts-expect-error sellers refer to no owner
  await shelf.list({ expand: ['sellerId.ownerId'] });
  // @ts-expect-error no place
  await sellers.list({ near: { field: 'name', lat: 1, lng: 1, meters: 1 } });
  // @ts-expect-error a place has no order
  await sellers.list({ sort: ['at'] });
  // @ts-expect-error no such option
  await shelf.list({ serach: '茶' });
  const categories = createClient<App>({ baseUrl: server.url }).collection('categories');
  // @ts-expect-error there are no places
  await categories.list({ near: { field: 'at', lat: 1, lng: 1, meters: 1 } });
  const [first] = (await categories.list({ expand: ['parentId.parentId'] })).items;
  expectTypeOf(first?.expanded?.parentId?.expanded?.parentId?.name).toEqualTypeOf<string | undefined>();
});

test('steps of a batch know their collections, and answer what each writes', async () => {
  await using server = await startScriptedServer(() => ({ body: { results: [{ id: 's1' }, null] } }));
  const client = createClient<App>({ baseUrl: server.url });
  const [seller, nothing] = await client.batch([
    client.collection('sellers').batch.create({ name: 'a', categoryIds: [], at: { lat: 30, lng: 120 } }),
    client.collection('products').batch.remove('p1', { ifUnchangedSince: '2026-11-20T04:00:00.000Z' }),
  ]);
  expectTypeOf(seller.name).toEqualTypeOf<string>();
  expectTypeOf(nothing).toEqualTypeOf<null>();
  // @ts-expect-error no such field
  client.collection('sellers').batch.update('s1', { nmae: 'a' });
  // @ts-expect-error required
  client.collection('sellers').batch.create({ name: 'a' });
  expect(nothing).toBeNull();
});

test('hidden fields are known to nobody outside the server', () => {
  expectTypeOf<RecordOf<App, 'products'>>().not.toHaveProperty('cost_fen');
  expectTypeOf<RecordOf<App, 'products'>>().toHaveProperty('stock');
  expectTypeOf<NewRecordOf<App, 'products'>>().not.toHaveProperty('cost_fen');
});

test('wrong names and wrong types do not compile', async () => {
  await using server = await startScriptedServer(() => ({ body: { items: [], nextCursor: null } }));
  const client = createClient<App>({ baseUrl: server.url });
  const shelf = client.collection('products');

  // @ts-expect-error there is no such collection
  client.collection('produkts');
  // @ts-expect-error there is no such field to sort by
  await shelf.list({ sort: ['-prize_fen'] });
  // @ts-expect-error free JSON has no order
  await shelf.list({ sort: ['size.note'] });
  // @ts-expect-error there is no such field to choose
  await shelf.list({ fields: ['prize_fen'] });
  // @ts-expect-error `stok` is no field
  await shelf.update('p1', { stok: 1 });
  // @ts-expect-error money is a number
  await shelf.update('p1', { price_fen: '68' });
  // @ts-expect-error one of two texts
  await shelf.create({ name: '茶', price_fen: 1, category: 'coffee' });
  // @ts-expect-error name and category are required
  await shelf.create({ price_fen: 1 });
  // @ts-expect-error the server alone sets ids
  await shelf.update('p1', { id: 'p2' });
  // @ts-expect-error a path begins with a slash
  await client.call('GET', 'orders');

  const chosen = await shelf.list({ fields: ['id', 'name'] });
  expectTypeOf(chosen.items).toEqualTypeOf<readonly { readonly id: string; readonly name: string }[]>();
  const all = await shelf.list({ sort: ['-price_fen', 'size.grams', 'createdAt'] });
  expectTypeOf(all.items[0]?.category).toEqualTypeOf<'tea' | 'cup' | undefined>();
  expect(chosen.items).toEqual([]);
});
