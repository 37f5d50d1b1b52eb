import { createCipheriv, generateKeyPairSync, type KeyLike, randomBytes, sign } from 'node:crypto';
import { Agent, request as startRequest } from 'node:http';
import { MINUTE } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merchantEnvironment } from '../../../testing/merchant.ts';
import { APP_ID, logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';
import { collection, defineApp, field, route } from '../../define/index.ts';
import { NOTIFY_PATH } from './notify-routes.ts';

const receipts = collection({ fields: { order: field.text({ maxLength: 64 }).unique() } });
const app = defineApp({
  collections: { receipts },
  routes: [
    route.post('/pay/:order', { auth: 'user' }, async ({ params, user, wechat }) =>
      wechat.payments.open({
        ...{ reference: params.order, userId: user.id, amountFen: 100, description: 'a cup of tea' },
      }),
    ),
    route.get('/pay/:order', { auth: 'user' }, async ({ params, wechat }) =>
      wechat.payments.find(params.order),
    ),
  ],
  wechat: {
    async onPaid({ reference }, { db }) {
      await db.create(receipts, { order: reference });
    },
  },
});

const opened = new AsyncDisposableStack();
let server: TestServer;
let wechat: Awaited<ReturnType<typeof startWechat>>;
let token: string;
let weChatsKey: string;
let mchId: string;
let apiV3Key: string;
let publicKeyId: string;

beforeAll(async () => {
  wechat = opened.use(await startWechat());
  const { pay } = wechat.simulator;
  ({ mchId, apiV3Key, publicKeyId } = pay.credentials());
  weChatsKey = pay.keys().publicKeyPrivatePem;
  const folder = opened.use(await tempFolder()).path;
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const merchant = await merchantEnvironment(pay.credentials(), { folder, baseUrl: wechat.url, publicUrl });
  const env = { ...merchant, PORT: String(port) };
  server = opened.use(await startServer({ dataDir: folder, simulator: wechat.url, app, env }));
  token = await logIn(server, wechat.simulator.issueCode('ann'));
});
afterAll(() => opened.disposeAsync());

async function call(path: string, method = 'GET') {
  const response = await fetch(`${server.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  return response.json();
}

/** The number of a payment that the user has opened and not paid. */
async function openPayment(order: string): Promise<string> {
  const { payment } = (await call(`/pay/${order}`, 'POST')) as { payment: { outTradeNo: string } };
  return payment.outTradeNo;
}

const statusOf = async (order: string) => ((await call(`/pay/${order}`)) as { status: string }).status;

interface Notification {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A notification that somebody has paid, as WeChat Pay would make it; and with changes, as somebody else would. */
function notification(outTradeNo: string, changes: NotificationChanges = {}): Notification {
  const transaction = {
    ...{
      mchid: mchId,
      appid: APP_ID,
      out_trade_no: outTradeNo,
      transaction_id: `42${Date.now()}${Math.floor(Math.random() * 1e6)}`,
    },
    ...{ trade_type: 'JSAPI', trade_state: 'SUCCESS', attach: '', success_time: '2026-01-01T08:00:00+08:00' },
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
    ...changes.transaction,
  };
  const body = Buffer.from(
    JSON.stringify({
      ...{
        id: changes.id ?? `EV-${randomBytes(8).toString('hex')}`,
        event_type: changes.eventType ?? 'TRANSACTION.SUCCESS',
      },
      ...{ create_time: '2026-01-01T08:00:01+08:00', resource_type: 'encrypt-resource', summary: '支付成功' },
      resource: seal(JSON.stringify(transaction), changes.apiV3Key ?? apiV3Key),
    }),
  );
  return signed(body, changes);
}

interface NotificationChanges {
  readonly id?: string;
  readonly eventType?: string;
  readonly transaction?: object;
  readonly apiV3Key?: string;
  readonly atMs?: number;
  readonly key?: KeyLike;
  readonly algorithm?: string;
  readonly headers?: Record<string, string>;
}

function signed(body: Buffer, changes: NotificationChanges): Notification {
  const timestamp = String(Math.floor((changes.atMs ?? Date.now()) / 1000));
  const nonce = randomBytes(16).toString('hex');
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  const signature = sign(changes.algorithm ?? 'RSA-SHA256', text, changes.key ?? weChatsKey).toString(
    'base64',
  );
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': publicKeyId,
      'wechatpay-signature': signature,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
      ...changes.headers,
    },
  };
}

function seal(plain: string, key: string) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    ...{ original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', associated_data: 'transaction', nonce },
    ciphertext: sealed.toString('base64'),
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
afterAll(() => agent.destroy());

/** Sends it, as it is; answers the status and the body. */
function post({ headers, body }: Notification): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(server.url);
    const options = { ...{ hostname, port, agent, path: NOTIFY_PATH, method: 'POST' } };
    const request = startRequest(
      { ...options, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject).end(body);
  });
}

const FAIL = { status: 401, text: '{"code":"FAIL","message":"refused"}' };
const outcomes = () => {
  const found = server.link.metrics().matchAll(/maque_pay_notifications_total\{outcome="(.+)"\} (\d+)/g);
  return Object.fromEntries(Array.from(found, ([, outcome, count]) => [outcome, Number(count)]));
};
const alerts = () => server.link.told.matters.map(({ code }) => code);

describe('a notification of WeChat Pay', () => {
  it('through the whole server: the user pays, and the app has it', async () => {
    const { parameters } = (await call('/pay/order-1', 'POST')) as { parameters: never };
    wechat.simulator.pay.payWith(parameters);
    await wechat.simulator.pay.quiet();
    expect(await statusOf('order-1')).toBe('paid');
    expect(await call('/pay/order-1', 'POST')).toMatchObject({ error: { code: 'PAYMENT_DONE' } });
  });

  it('is answered 204 with nothing in it, and again when WeChat repeats it; a replay of its bytes is refused', async () => {
    const number = await openPayment('repeated');
    const changes = { id: 'EV-repeated', transaction: { transaction_id: '4200000000000000000000000001' } };
    const first = notification(number, changes);
    expect(await post(first)).toEqual({ status: 204, text: '' });
    expect(await post(notification(number, changes))).toEqual({ status: 204, text: '' });
    expect(await post(first)).toEqual(FAIL);
    expect(alerts()).toContain('PAYMENT_NOTIFICATION_REPLAYED');
    expect(await statusOf('repeated')).toBe('paid');
  });

  it('of a kind that nobody asked for is acknowledged', async () => {
    expect(await post(notification('none', { eventType: 'COUPON.USE' }))).toEqual({ status: 204, text: '' });
  });
});

describe('what is not to be believed is refused, counted and told, and changes nothing', () => {
  const { privateKey: foreignKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const oneByte = (original: Notification): Notification => {
    const body = Buffer.from(original.body);
    const place = body.indexOf('"id":"EV-') + 12;
    body[place] = (body[place] ?? 0) ^ 1;
    return { ...original, body };
  };
  it.each<[string, (number: string) => Notification]>([
    ['forged with another key', (number) => notification(number, { key: foreignKey })],
    [
      'a probe of WeChat Pay’s',
      (number) =>
        notification(number, {
          headers: { 'wechatpay-signature': `WECHATPAY/SIGNTEST/${randomBytes(200).toString('base64')}` },
        }),
    ],
    [
      'signed with a weaker algorithm',
      (number) =>
        notification(number, {
          algorithm: 'RSA-SHA1',
          headers: { 'wechatpay-signature-type': 'WECHATPAY2-SHA1-RSA2048' },
        }),
    ],
    [
      'signed with a weaker algorithm that it does not name',
      (number) => notification(number, { algorithm: 'RSA-SHA1' }),
    ],
    [
      'of a wrong serial',
      (number) => notification(number, { headers: { 'wechatpay-serial': 'ABCDEF0123456789' } }),
    ],
    [
      'of a public key that is not ours',
      (number) => notification(number, { headers: { 'wechatpay-serial': 'PUB_KEY_ID_1' } }),
    ],
    ['changed by one byte', (number) => oneByte(notification(number))],
    ['6 minutes old', (number) => notification(number, { atMs: Date.now() - 6 * MINUTE })],
    ['6 minutes ahead', (number) => notification(number, { atMs: Date.now() + 6 * MINUTE })],
    [
      'not signed',
      (number) => ({ ...notification(number), headers: { 'content-type': 'application/json' } }),
    ],
    ['signed, and empty', () => signed(Buffer.alloc(0), {})],
    ['signed, and no JSON', () => signed(Buffer.from('<xml/>'), {})],
  ])('%s', async (name, make) => {
    const order = `refused-${name.replaceAll(/\W/g, '')}`.slice(0, 60);
    const number = await openPayment(order);
    const before = outcomes().refused ?? 0;
    expect(await post(make(number))).toEqual(FAIL);
    expect(outcomes().refused).toBe(before + 1);
    expect(await statusOf(order)).toBe('pending');
    expect(alerts().some((code) => code.startsWith('WECHAT_PAY_NOTIFICATION_'))).toBe(true);
  });
});

describe('what is WeChat Pay’s and not like the books is not booked, and WeChat is asked to tell it again', () => {
  it.each<[string, NotificationChanges, string]>([
    [
      'another amount',
      { transaction: { amount: { total: 101, payer_total: 101, currency: 'CNY' } } },
      'PAYMENT_MISMATCH',
    ],
    ['another mini-program', { transaction: { appid: 'wx9999999999999999' } }, 'WECHAT_PAY_OTHER_MERCHANT'],
    ['another merchant', { transaction: { mchid: '1999999999' } }, 'WECHAT_PAY_OTHER_MERCHANT'],
    [
      'a number that nobody knows',
      { transaction: { out_trade_no: 'nobody_knows_it' } },
      'PAYMENT_NOT_IN_BOOKS',
    ],
    [
      'a transaction of another payment',
      { transaction: { transaction_id: '4200000000000000000000000001' } },
      'PAYMENT_MISMATCH',
    ],
  ])('%s', async (name, changes, code) => {
    const order = `mismatch-${name.replaceAll(' ', '-')}`;
    const number = await openPayment(order);
    expect(await post(notification(number, changes))).toEqual({
      status: 500,
      text: '{"code":"FAIL","message":"mismatch"}',
    });
    expect(await statusOf(order)).toBe('pending');
    expect(alerts()).toContain(code);
  });
});

/** 100,000 when told so; what takes a second in the daily run shows what is wrong as a rule. */
const FUZZ_RUNS = Number(process.env.MAQUE_FUZZ_RUNS ?? 2_000);

it(`${FUZZ_RUNS} bodies of any kind: none is accepted, nothing breaks, and memory stays`, {
  timeout: 600_000,
}, async () => {
  const number = await openPayment('fuzzed');
  const genuine = notification(number);
  const anyBody = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
    // The true one, with some bytes replaced.
    fc
      .array(fc.tuple(fc.nat(genuine.body.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 3,
      })
      .map((edits) => {
        const body = Buffer.from(genuine.body);
        for (const [place, difference] of edits) body[place] = (body[place] ?? 0) ^ difference;
        return body;
      })
      .filter((body) => !body.equals(genuine.body)),
    fc.constant(Buffer.alloc(70_000, '{')),
  );
  const anyHeaders = fc.record(
    {
      'content-type': fc.constantFrom('application/json', 'text/xml', 'multipart/form-data', 'x/y', ''),
      'wechatpay-timestamp': fc.constantFrom(
        genuine.headers['wechatpay-timestamp'] ?? '',
        '0',
        '-1',
        '1e9',
        'x',
      ),
      'wechatpay-nonce': fc.constantFrom(genuine.headers['wechatpay-nonce'] ?? '', '', 'x'.repeat(500)),
      'wechatpay-serial': fc.constantFrom(publicKeyId, 'constructor', '__proto__', 'ABCDEF0123456789', ''),
      'wechatpay-signature': fc.oneof(
        fc.constant(genuine.headers['wechatpay-signature'] ?? ''),
        fc.base64String({ maxLength: 700 }),
      ),
    },
    { requiredKeys: [] },
  );
  const before = outcomes();
  const isForged = async ([body, headers]: [Uint8Array, Record<string, string>]) => {
    const { status } = await post({ body: Buffer.from(body), headers });
    expect([401, 413, 415]).toContain(status);
  };
  const samples = fc.sample(fc.tuple(anyBody, anyHeaders), Math.min(FUZZ_RUNS, 5_000));
  const rest = Array.from({ length: FUZZ_RUNS }, (_, index) => samples[index % samples.length]).values();
  const memoryBefore = process.memoryUsage().rss;
  const lane = async () => {
    for (const sample of rest)
      if (sample !== undefined) await isForged(sample as [Uint8Array, Record<string, string>]);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  expect(outcomes()).toMatchObject({ booked: before.booked, 'nothing-new': before['nothing-new'] });
  expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(150 * 1024 * 1024);
  expect(await statusOf('fuzzed')).toBe('pending');
  expect(await post(genuine)).toEqual({ status: 204, text: '' });
  expect(await statusOf('fuzzed')).toBe('paid');
});
