import { afterEach, expect, test, vi } from 'vitest';
import { startScriptedServer } from '../testing/scripted-server.ts';
import { insideWechat, tokenServer } from '../testing/token-server.ts';
import type { AppShape } from './app-types.ts';
import { createClient } from './client.ts';

afterEach(() => vi.unstubAllGlobals());

test('pays through the cashier of WeChat, and tells a change of mind from a failure', async () => {
  const parameters = {
    timeStamp: '1',
    nonceStr: 'n',
    package: 'prepay_id=wx1',
    signType: 'RSA',
    paySign: 's',
  } as const;
  const outcomes: ('ok' | 'cancel' | 'fail')[] = ['ok', 'cancel', 'fail'];
  const seen: unknown[] = [];
  insideWechat({
    async pay(given) {
      seen.push(given);
      return outcomes.shift() ?? 'fail';
    },
  });
  const client = createClient<AppShape>({ baseUrl: 'https://shop.example.com' });
  // The server's answer may carry more, which WeChat must not see.
  expect(await client.pay({ ...parameters, orderId: 'o1' } as typeof parameters)).toBe('finished');
  expect(await client.pay(parameters)).toBe('cancelled');
  await expect(client.pay(parameters)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
  expect(seen).toEqual([parameters, parameters, parameters]);
});

test('asks for the right to send messages, and tells the server what was answered', async () => {
  insideWechat({ subscribe: async (id) => (id === 't1' ? 'accept' : 'reject') });
  await using server = await startScriptedServer(tokenServer(() => ({ status: 204 })));
  const client = createClient<AppShape>({ baseUrl: server.url });
  await client.login();
  expect(await client.subscribe(['t1', 't2'])).toEqual({ t1: 'accept', t2: 'reject' });
  expect(server.seen.at(-1)).toMatchObject({
    path: '/api/wechat/subscriptions',
    text: '{"answers":{"t1":"accept","t2":"reject"}}',
  });
  await expect(client.subscribe(['1', '2', '3', '4', '5', '6'])).rejects.toMatchObject({
    code: 'SUBSCRIPTION_FAILED',
  });
});

test('outside WeChat nobody can pay, and it says so', async () => {
  const client = createClient<AppShape>({ baseUrl: 'https://shop.example.com' });
  const nothing = { timeStamp: '', nonceStr: '', package: '', signType: 'RSA', paySign: '' } as const;
  await expect(client.pay(nothing)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
  await expect(client.subscribe(['t1'])).rejects.toMatchObject({ code: 'SUBSCRIPTION_FAILED' });
});
