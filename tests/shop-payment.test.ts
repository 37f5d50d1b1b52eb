import { createClient, type PaymentParameters } from '@maque/miniprogram';
import { callApi } from '@maque/testkit/process/api-client';
import { type RunningMaque, startMaque } from '@maque/testkit/process/start-maque';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { App } from '../examples/shop/maque.config.ts';
import { createFakeWechat } from '../packages/miniprogram/testing/fake-wechat.ts';

let shop: RunningMaque;
let simulator: string;
beforeAll(async () => {
  // The tests ask every 20 ms whether it is done, as no phone does.
  shop = await startMaque({ env: { MAQUE_RATE_LIMIT_USER: '0' } });
  await shop.process.line(/Ctrl-C/);
  const urls = shop.process.stdout().match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  const answers = await Promise.all(
    urls.map(async (url) => ((await fetch(`${url}/_sim/state`)).ok ? url : '')),
  );
  simulator = answers.find((url) => url !== '') ?? '';
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await shop?.[Symbol.asyncDispose]();
});

const simulate = async (path: string, body: object) => {
  const answer = await callApi(simulator, path, { body });
  return answer.status === 200;
};
// biome-ignore lint/suspicious/noExplicitAny: assertions on what is found.
const simulated = async (): Promise<any> => (await callApi(simulator, '/_sim/state')).json();

/** A phone whose owner pays and agrees. */
const phone = () =>
  createFakeWechat({
    codes: ['demo-7'],
    pay: async (parameters) => ((await simulate('/_sim/pay/with', parameters)) ? 'ok' : 'fail'),
    subscribe: async (templateId) => {
      await simulate('/_sim/subscriptions', { user: 'demo-7', templateIds: [templateId] });
      return 'accept';
    },
  });

async function becomeAdmin(): Promise<string> {
  const link = shop.adminLink?.split('#link=')[1];
  const body = { link, name: 'anna', password: 'correct horse battery' };
  return (await callApi(shop.url, '/api/admin/claim', { body })).json().token;
}

// Without an account at WeChat, with nothing set up: what `npm start` gives.
it('sells to a phone: order, payment, message, refund', async () => {
  vi.stubGlobal('wx', phone());
  const client = createClient<App>({ baseUrl: shop.url });
  await client.login();
  const orders = client.collection('orders');
  const product = await client.collection('products').get('p0042');
  const { id } = await client.call<{ id: string }>('POST', '/orders', {
    items: [{ productId: product.id, quantity: 2 }],
  });

  // WeChat asks in the tap that pays.
  expect(await client.subscribe(['tmpl-paid', 'tmpl-shipped'])).toEqual({
    'tmpl-paid': 'accept',
    'tmpl-shipped': 'accept',
  });
  const parameters = await client.call<PaymentParameters>('POST', `/orders/${id}/pay`);
  expect(await client.pay(parameters)).toBe('finished');
  // WeChat Pay tells the shop.
  await waitUntil('the order to be paid', async () => (await orders.get(id)).status === 'paid');
  await expect(client.call('POST', `/orders/${id}/pay`)).rejects.toMatchObject({ code: 'ORDER_NOT_OPEN' });

  const token = await becomeAdmin();
  const staff = (path: string, body: object = {}) => callApi(shop.url, path, { token, body });
  expect((await staff(`/api/orders/${id}/ship`, { trackingNo: 'SF1234567890' })).json()).toMatchObject({
    status: 'shipped',
  });
  const messages = await waitUntil('both messages', async () => {
    const { messages: sent } = await simulated();
    return sent.length === 2 && JSON.stringify(sent);
  });
  expect(messages).toContain(id);
  expect(messages).toContain('SF1234567890');

  expect((await staff(`/api/orders/${id}/refund`)).status).toBe(204);
  await waitUntil('the money back', async () => (await orders.get(id)).status === 'refunded', 20_000);
  // What was sent is not on the shelf again before it comes back.
  expect(await client.collection('products').get('p0042')).toMatchObject({ stock: product.stock - 2 });
});

it('lets a buyer who changed their mind pay later, once', async () => {
  const outcomes = ['cancel', 'ok'] as const;
  let tries = 0;
  const wechat = phone();
  vi.stubGlobal('wx', {
    ...wechat,
    requestPayment(request: Parameters<typeof wechat.requestPayment>[0]) {
      tries += 1;
      if (outcomes[tries - 1] === 'cancel') request.fail({ errMsg: 'requestPayment:fail cancel' });
      else wechat.requestPayment(request);
    },
  });
  const client = createClient<App>({ baseUrl: shop.url });
  await client.login();
  const { id } = await client.call<{ id: string }>('POST', '/orders', {
    items: [{ productId: 'p0043', quantity: 1 }],
  });
  const open = () => client.call<PaymentParameters>('POST', `/orders/${id}/pay`);
  expect(await client.pay(await open())).toBe('cancelled');
  expect(await client.pay(await open())).toBe('finished');
  await waitUntil('the order to be paid', async () => {
    const { status } = await client.call<{ status: string }>('POST', `/orders/${id}/refresh`);
    return status === 'paid';
  });
  const paid = (await simulated()).payments.filter(({ state }: { state: string }) => state === 'SUCCESS');
  expect(paid).toHaveLength(1);
});
