import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../packages/server/testing/serve-app.ts';
import shop from './maque.config.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
beforeAll(async () => {
  folder = await temporaryFolder();
  // The shop has its types from the built package, the server here from its sources.
  const app = shop as unknown as Parameters<typeof serveApp>[0];
  served = await serveApp(app, { path: join(folder.path, 'shop.sqlite') });
});
afterAll(async () => {
  await served.close();
  await folder.remove();
});

interface Product {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly price_fen: number;
  readonly stock: number;
}
const product = async (id: string): Promise<Product> => (await served.call(`/api/products/${id}`)).json;
const order = (as: string, ...items: unknown[]) => served.call('/api/orders', { as, body: { items } });

describe('the shop', () => {
  it('has 1,000 different products at honest prices', async () => {
    const products: Product[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { json } = await served.call(`/api/products?limit=100${query}`);
      products.push(...json.items);
      cursor = json.nextCursor;
    }
    expect(products.map(({ id }) => id)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `p${String(index + 1).padStart(4, '0')}`),
    );
    expect(new Set(products.map(({ name }) => name)).size).toBe(1_000);
    expect(new Set(products.map(({ nameEn }) => nameEn)).size).toBe(1_000);
    for (const { price_fen, stock } of products) {
      expect(price_fen).toBeGreaterThanOrEqual(290);
      expect(price_fen).toBeLessThan(200_000);
      expect(stock).toBeGreaterThanOrEqual(40);
    }
  });

  it('sells several products at once: stock goes down, the order remembers name and price', async () => {
    const [tea, cup] = [await product('p0001'), await product('p0601')];
    const answer = await order(
      'user:u1',
      { productId: tea.id, quantity: 2 },
      { productId: cup.id, quantity: 1 },
    );
    expect(answer).toMatchObject({
      status: 201,
      json: {
        userId: 'u1',
        status: 'placed',
        total_fen: 2 * tea.price_fen + cup.price_fen,
        items: [
          { productId: tea.id, name: tea.name, price_fen: tea.price_fen, quantity: 2 },
          { productId: cup.id, name: cup.name, price_fen: cup.price_fen, quantity: 1 },
        ],
      },
    });
    expect(await product('p0001')).toMatchObject({ stock: tea.stock - 2 });
    expect(await product('p0601')).toMatchObject({ stock: cup.stock - 1 });
  });

  it('takes a product that is wished for twice as one', async () => {
    const { json } = await order(
      'user:u1',
      { productId: 'p0002', quantity: 1 },
      { productId: 'p0002', quantity: 2 },
    );
    expect(json.items).toEqual([expect.objectContaining({ productId: 'p0002', quantity: 3 })]);
  });

  it('refuses what is not there in full, naming it, and takes nothing', async () => {
    const [plenty, scarce] = [await product('p0003'), await product('p0006')];
    expect(scarce.stock).toBeLessThan(99);
    const answer = await order(
      'user:u1',
      { productId: plenty.id, quantity: 1 },
      { productId: scarce.id, quantity: 99 },
    );
    expect(answer).toMatchObject({
      status: 409,
      json: {
        error: {
          code: 'ORDER_OUT_OF_STOCK',
          details: [{ path: scarce.id, issue: `99 wanted, ${scarce.stock} left` }],
        },
      },
    });
    expect(await product(plenty.id)).toEqual(plenty);
    expect(await product(scarce.id)).toEqual(scarce);
  });

  it('refuses an unknown product and takes nothing', async () => {
    const before = await product('p0004');
    const answer = await order(
      'user:u1',
      { productId: 'p0004', quantity: 1 },
      { productId: 'p9999', quantity: 1 },
    );
    expect(answer).toMatchObject({ status: 404, json: { error: { code: 'PRODUCT_UNKNOWN' } } });
    expect(await product('p0004')).toEqual(before);
  });

  it.each([0, -1, 1.5, 100, 1e15, '2', null, true])('refuses the quantity %j', async (quantity) => {
    const before = await product('p0005');
    expect(await order('user:u1', { productId: 'p0005', quantity })).toMatchObject({
      status: 400,
      json: { error: { code: 'VALIDATION_FAILED', details: [{ path: 'items.0.quantity' }] } },
    });
    expect(await product('p0005')).toEqual(before);
  });

  it('refuses orders of nothing, of 51 items and with unknown fields', async () => {
    const items = Array.from({ length: 51 }, (_, index) => ({ productId: `p${1000 - index}`, quantity: 1 }));
    for (const wishes of [[], items, [{ productId: 'p0001', quantity: 1, price_fen: 1 }]]) {
      expect((await order('user:u1', ...wishes)).json.error.code).toBe('VALIDATION_FAILED');
    }
    expect((await served.call('/api/orders', { body: { items: [] } })).status).toBe(401);
  });

  it('shows each user the own orders, newest first, and no others', async () => {
    const first = await order('user:u7', { productId: 'p0010', quantity: 1 });
    const second = await order('user:u7', { productId: 'p0011', quantity: 1 });
    const own = await served.call('/api/orders', { as: 'user:u7' });
    expect(own.json.items.map(({ id }: { id: string }) => id)).toEqual([second.json.id, first.json.id]);
    expect((await served.call('/api/orders', { as: 'user:u8' })).json.items).toEqual([]);
    const path = `/api/orders/${first.json.id}`;
    expect((await served.call(path, { as: 'user:u7' })).json).toEqual(first.json);
    expect((await served.call(path, { as: 'user:u8' })).status).toBe(404);
    expect((await served.call(path)).status).toBe(401);
  });

  it('never sells more than there is, however many want it at once', async () => {
    const { stock } = await product('p0012');
    const answers = await Promise.all(
      Array.from({ length: stock + 7 }, (_, index) =>
        order(`user:b${index}`, { productId: 'p0012', quantity: 1 }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(stock);
    expect(statuses.filter((status) => status === 409)).toHaveLength(7);
    expect(await product('p0012')).toMatchObject({ stock: 0 });
  });

  it('lets nobody but admins change products', async () => {
    const change = { method: 'PATCH', body: { price_fen: 1 } };
    expect((await served.call('/api/products/p0020', { ...change, as: 'user:u1' })).status).toBe(403);
    expect((await served.call('/api/products/p0020', change)).status).toBe(401);
    expect((await served.call('/api/products/p0020', { ...change, as: 'admin:a' })).json).toMatchObject({
      price_fen: 1,
    });
  });
});

describe('the shelves', () => {
  it('come with products, and words of theirs find products', async () => {
    const { json } = await served.call(
      `/api/products?${new URLSearchParams({ search: '龙井', expand: 'category', limit: '2' })}`,
    );
    expect(json.items.map(({ name }: Product) => name.includes('龙井'))).toEqual([true, true]);
    expect(json.items[0].expanded.category).toMatchObject({ id: 'tea', name: '茶', nameEn: 'Tea' });
    const english = await served.call(
      `/api/products?${new URLSearchParams({ search: 'teapot celadon', limit: '1' })}`,
    );
    expect(english.json.items[0].nameEn).toMatch(/^teapot, celadon/);
  });

  it('are in order, and cannot go while products stand on them', async () => {
    const { json } = await served.call('/api/categories');
    expect(json.items.map(({ id }: { id: string }) => id)).toEqual([
      ...['tea', 'snack', 'stationery', 'kitchen', 'textile'],
    ]);
    expect(await served.call('/api/categories/tea', { method: 'DELETE', as: 'admin:a' })).toMatchObject({
      ...{ status: 409, json: { error: { code: 'RECORD_IN_USE' } } },
    });
  });
});

describe('reviews', () => {
  const review = (as: string, body: object) => served.call('/api/reviews', { as, body });

  it('are written by who has bought, and by nobody else', async () => {
    const said = { productId: 'p0030', stars: 5, text: '好喝' };
    expect((await review('user:r1', said)).json.error.code).toBe('REVIEW_NOT_BOUGHT');
    const { json: placed } = await order('user:r1', { productId: 'p0030', quantity: 1 });
    expect((await review('user:r1', said)).json.error.code).toBe('REVIEW_NOT_BOUGHT');
    const paid = { method: 'PATCH', as: 'admin:a', body: { status: 'paid' } };
    await served.call(`/api/orders/${placed.id}`, paid);
    expect(await review('user:r1', said)).toMatchObject({ status: 201, json: { userId: 'r1', photos: [] } });
    expect((await review('user:r1', { ...said, productId: 'p0031' })).status).toBe(409);
  });

  it('are taken off the page by the shop, and not put back by who wrote them', async () => {
    const { json } = await review('admin:a', { productId: 'p0040', stars: 1, text: '广告', userId: 'r2' });
    const path = `/api/reviews/${json.id}`;
    const show = (isShown: boolean) => ({ method: 'PATCH', body: { isShown } });
    expect((await served.call(path, { ...show(false), as: 'admin:a' })).status).toBe(200);
    expect((await served.call(path)).status).toBe(404);
    expect((await served.call(path, { as: 'user:r2' })).json).toMatchObject({ isShown: false });
    expect((await served.call(path, { ...show(true), as: 'user:r2' })).status).toBe(403);
  });
});
