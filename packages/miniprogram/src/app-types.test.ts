import { collection, defineApp, field } from '@maque/server/define';
import { expect, expectTypeOf, test } from 'vitest';
import { startScriptedServer } from '../testing/scripted-server.ts';
import type { NewRecordOf, RecordOf } from './app-types.ts';
import { createClient } from './client.ts';

const products = collection({
  fields: {
    name: field.text({ maxLength: 80 }),
    price_fen: field.money(),
    category: field.enum(['tea', 'cup']),
    stock: field.int({ min: 0 }).default(0),
    picture: field.text({ maxLength: 200 }).optional(),
    ownerId: field.caller(),
    cost_fen: field.money().default(0).hidden(),
  },
});
const app = defineApp({ collections: { products } });
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
  const all = await shelf.list({ sort: ['-price_fen', 'createdAt'] });
  expectTypeOf(all.items[0]?.category).toEqualTypeOf<'tea' | 'cup' | undefined>();
  expect(chosen.items).toEqual([]);
});
