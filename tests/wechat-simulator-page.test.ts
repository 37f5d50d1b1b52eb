import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { launchChromium } from '@maque/testkit/chromium/launch-chromium';
import { createWechatClient, type WechatClient } from '@maque/wechat';
import { createPayClient, type PayClient } from '@maque/wechat/pay';
import { createEncodingAesKey, createSimulator, type Simulator } from '@maque/wechat/simulator';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

const APP_ID = 'wx4f4bc4dec97d474b';
const SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const shots = process.env.MAQUE_SCREENSHOTS;

let server: Server;
let simulator: Simulator;
let url: string;
let client: WechatClient;
let pay: PayClient;
let browser: Browser;
let complaints: string[];

beforeAll(async () => {
  // A server that takes everything: what is under test is the page.
  server = createServer((request, response) => {
    request.resume();
    response.end(new URL(request.url ?? '/', 'http://localhost').searchParams.get('echostr') ?? 'success');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pushTarget = {
    url: `${serverUrl}/api/wechat/push`,
    token: 'AAAAA',
    encodingAesKey: createEncodingAesKey(),
  };
  simulator = createSimulator({ appId: APP_ID, secret: SECRET, pushTarget });
  url = await simulator.listen();
  client = createWechatClient({ appId: APP_ID, secret: SECRET, baseUrl: url });
  const { mchId, serial, privateKeyPem, apiV3Key, publicKeyId, publicKeyPem } = simulator.pay.credentials();
  pay = createPayClient({
    ...{ appId: APP_ID, mchId, merchantSerial: serial, merchantKey: privateKeyPem, apiV3Key },
    publicKeys: { [publicKeyId]: publicKeyPem },
    notifyUrl: `${serverUrl}/notify`,
    baseUrl: url,
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await simulator?.close();
  server?.closeAllConnections();
  server?.close();
});

beforeEach(() => {
  complaints = [];
});

async function openPage(locale: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.newPage({ locale, colorScheme, viewport: { width: 1280, height: 900 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => !request.url().startsWith(url) && complaints.push(request.url()));
  await page.goto(url);
  return page;
}

it('shows a message as the phone does, after the user agreed to it on the page', async () => {
  const { openid } = await client.code2Session('demo-1');
  const page = await openPage('en-US');
  await page.getByText('Subscribe to messages').click();
  const template = page.getByRole('listitem').filter({ hasText: '订单发货通知' });
  await template.getByRole('button', { name: 'Accept' }).click();
  await template.getByText('1', { exact: true }).waitFor();
  await client.callApi('/cgi-bin/message/subscribe/send', {
    body: {
      ...{ touser: openid, template_id: 'tmpl-shipped', page: 'pages/order/detail?id=42' },
      data: { thing1: { value: '<b>保温杯</b>' }, character_string2: { value: 'SF123' } },
    },
  });
  const card = page.getByRole('article').filter({ hasText: '订单发货通知' });
  await card.waitFor();
  expect(await card.innerText()).toContain('<b>保温杯</b>');
  expect(await card.innerText()).toContain('pages/order/detail?id=42');
  await page.getByLabel('Write to customer service').fill('Where is it?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Where is it?').waitFor();
  await page.getByRole('status').getByText('delivered').waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

it('lets the user pay, and the shop give back', async () => {
  const { openid } = await client.code2Session('demo-1');
  await pay.prepay({ outTradeNo: 'order-000042', description: '保温杯', amountFen: 1990, openid });
  const page = await openPage('zh-CN');
  const bill = page.getByRole('article').filter({ hasText: '¥19.90' });
  await bill.getByRole('button', { name: '支付' }).click();
  await expect.poll(() => simulator.pay.payment('order-000042')?.state).toBe('SUCCESS');
  const row = page.getByRole('row').filter({ hasText: 'order-000042' }).first();
  await row.getByText('已支付').waitFor();
  await row.getByText('待发货').waitFor();
  if (shots !== undefined) await page.screenshot({ path: join(shots, 'simulator-zh.png') });
  simulator.pay.behave({ refundAfterMs: null });
  await pay.refund({ outTradeNo: 'order-000042', outRefundNo: 'refund-1', refundFen: 1990, totalFen: 1990 });
  await page.getByRole('button', { name: '退款成功' }).click();
  await expect.poll(() => simulator.pay.refund('refund-1')?.status).toBe('SUCCESS');
  expect(complaints).toEqual([]);
  await page.close();
});

it('sends pushes and injects faults with nothing but the keyboard', async () => {
  const page = await openPage('en-US', 'dark');
  await page.getByRole('tab', { name: 'Payments' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('tab', { name: 'Pushes' }).getAttribute('aria-selected')).toBe('true');
  await page.getByLabel('Message').focus();
  await page.keyboard.press('w');
  expect(await page.getByLabel('Fields as JSON').inputValue()).toContain('wxa_media_check');
  await page.getByRole('button', { name: 'Send push' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'wxa_media_check' }).waitFor();
  if (shots !== undefined) await page.screenshot({ path: join(shots, 'simulator-en.png') });

  await page.getByRole('tab', { name: 'Pushes' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByLabel('What goes wrong').selectOption('errcode');
  await page.getByRole('spinbutton', { name: 'errcode' }).fill('45009');
  await page.getByLabel('Path; empty for all').fill('/wxa/checksession');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => simulator.state().faults)
    .toMatchObject([{ errcode: 45009, path: '/wxa/checksession' }]);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect.poll(() => simulator.state().faults).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

it('keeps the focus while the page is drawn anew', async () => {
  const page = await openPage('en-US');
  await page.getByRole('tab', { name: 'Users and tokens' }).click();
  const button = page
    .getByRole('row')
    .filter({ hasText: 'demo-1' })
    .getByRole('button', { name: 'Login code' });
  await button.focus();
  await client.code2Session('demo-9');
  await page.getByRole('cell', { name: 'demo-9' }).waitFor();
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('Login code');
  await page.close();
});
