import { createClient, filter } from '@maque/miniprogram';
import { type RunningMaque, startMaque } from '@maque/testkit/process/start-maque';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { App } from '../examples/shop/maque.config.ts';
import { createFakeWechat } from '../packages/miniprogram/testing/fake-wechat.ts';

let shop: RunningMaque;
beforeAll(async () => {
  shop = await startMaque();
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await shop?.[Symbol.asyncDispose]();
});

// The limits of wx.request are those of the fake: no PATCH, JSON said even where there is no body.
it('logs in, shops and renames itself through what wx offers', async () => {
  vi.stubGlobal('wx', createFakeWechat());
  const client = createClient<App>({ baseUrl: shop.url });
  const me = await client.login();
  expect(await client.me.get()).toEqual(me);

  const teas = await client.collection('products').list({
    filter: filter`category = ${'tea'} and stock >= ${2}`,
    sort: ['price_fen'],
    limit: 5,
  });
  expect(teas.items.map(({ category }) => category)).toEqual(Array.from({ length: 5 }, () => 'tea'));

  const productId = teas.items[0]?.id;
  await client.call('POST', '/orders', { items: [{ productId, quantity: 2 }] });
  const { items: orders } = await client.collection('orders').list();
  expect(orders.map(({ items }) => items.map(({ quantity }) => quantity))).toEqual([[2]]);

  expect((await client.me.update({ nickname: '小麻雀' })).nickname).toBe('小麻雀');
  await client.logout();
  await expect(client.me.get()).rejects.toMatchObject({ code: 'AUTH_REQUIRED' });
});
