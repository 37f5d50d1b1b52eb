import { callApi, logIn } from '@maque/testkit/process/api-client';
import { type RunningMaque, startMaque } from '@maque/testkit/process/start-maque';
import { afterAll, beforeAll, expect, it } from 'vitest';

let shop: RunningMaque;
beforeAll(async () => {
  shop = await startMaque();
});
afterAll(() => shop[Symbol.asyncDispose]());

it('does the four lines of the README', async () => {
  const login = await callApi(shop.url, '/api/login/wechat', { body: { code: 'demo-1' } });
  expect(login.status).toBe(200);
  const { token, expiresAt, user } = login.json();
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());

  const me = await callApi(shop.url, '/api/me', { token });
  expect(me.json()).toMatchObject({ id: user.id });

  const products = await callApi(shop.url, '/api/products?limit=20');
  expect(products.json().items).toHaveLength(20);
  const [product] = products.json().items;
  expect(product.price_fen).toBeGreaterThan(0);

  const items = [{ productId: product.id, quantity: 2 }];
  const order = await callApi(shop.url, '/api/orders', { token, body: { items } });
  expect(order.status).toBeLessThan(300);
  expect(order.json()).toMatchObject({ total_fen: 2 * product.price_fen });

  const own = await callApi(shop.url, '/api/orders', { token });
  expect(own.json().items[0]).toMatchObject({ id: order.json().id });
});

it('has a thousand products, page by page, each once', async () => {
  const ids = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? 'limit=100' : `limit=100&cursor=${encodeURIComponent(cursor)}`;
    const page = (await callApi(shop.url, `/api/products?${query}`)).json();
    for (const { id } of page.items) ids.add(id);
    cursor = page.nextCursor;
  }
  expect(ids.size).toBe(1_000);
});

it('takes stock once, however many want it at the same time', async () => {
  const products = (await callApi(shop.url, '/api/products?sort=stock&limit=5')).json().items;
  const scarce = products.find(({ stock }: { stock: number }) => stock > 0);
  const tokens = await Promise.all(['demo-2', 'demo-3'].map((code) => logIn(shop.url, code)));
  const wanted = scarce.stock + 5;
  const answers = await Promise.all(
    Array.from({ length: wanted }, (_, index) =>
      callApi(shop.url, '/api/orders', {
        token: tokens[index % 2],
        body: { items: [{ productId: scarce.id, quantity: 1 }] },
      }),
    ),
  );
  const accepted = answers.filter(({ status }) => status < 300).length;
  const refused = answers.filter((answer) => answer.status === 409);
  expect(accepted).toBe(scarce.stock);
  expect(refused).toHaveLength(wanted - accepted);
  expect(refused[0]?.json().error).toMatchObject({ code: 'ORDER_OUT_OF_STOCK' });
  expect((await callApi(shop.url, `/api/products/${scarce.id}`)).json()).toMatchObject({ stock: 0 });
});

it('lets a user change the own profile', async () => {
  const token = await logIn(shop.url, 'demo-4');
  const changed = await callApi(shop.url, '/api/me', { method: 'PATCH', token, body: { nickname: '小雀' } });
  expect(changed.json()).toMatchObject({ nickname: '小雀' });
  expect((await callApi(shop.url, '/api/me', { token })).json()).toMatchObject({ nickname: '小雀' });
});

it('shows each user the own orders only, newest first', async () => {
  const [one, two] = [await logIn(shop.url, 'demo-5'), await logIn(shop.url, 'demo-6')];
  const [product] = (await callApi(shop.url, '/api/products?sort=-stock&limit=1')).json().items;
  const body = { items: [{ productId: product.id, quantity: 1 }] };
  const first = (await callApi(shop.url, '/api/orders', { token: one, body })).json().id;
  const second = (await callApi(shop.url, '/api/orders', { token: one, body })).json().id;
  const own = (await callApi(shop.url, '/api/orders', { token: one })).json();
  expect(own.items.map(({ id }: { id: string }) => id)).toEqual([second, first]);
  expect((await callApi(shop.url, '/api/orders', { token: two })).json().items).toEqual([]);
  expect((await callApi(shop.url, `/api/orders/${first}`, { token: two })).status).toBe(404);
});

it('describes itself, and serves the console and the health of the server', async () => {
  const document = (await callApi(shop.url, '/openapi.json')).json();
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/login/wechat', '/api/me', '/api/products', '/api/orders']),
  );
  expect((await callApi(shop.url, '/_/')).text).toContain('<div id=');
  expect((await callApi(shop.url, '/healthz')).status).toBe(200);
  expect((await callApi(shop.url, '/readyz')).status).toBe(200);
  // Behind nginx every caller looks like loopback: no metrics here without a token.
  expect((await callApi(shop.url, '/metrics')).status).toBe(404);
});

it('answers lists with what lets a proxy and a phone keep them', async () => {
  const list = await callApi(shop.url, '/api/products?limit=5');
  expect(list.headers.get('cache-control')).toMatch(/public/);
  const etag = list.headers.get('etag') ?? '';
  const again = await callApi(shop.url, '/api/products?limit=5', { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect(again.text).toBe('');
});
