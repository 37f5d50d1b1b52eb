import { generateKeyPairSync } from 'node:crypto';
import { MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { RawNotification } from './pay-types.ts';
import {
  API_V3_KEY,
  APP_ID,
  certificatesBody,
  createCertificate,
  MCH_ID,
  OPENID,
  payFailureOf,
  type SigningOptions,
  seal,
  servePay,
  signedHeaders,
} from './with-pay-server.fixture.ts';

const paid = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: 'demo_20260101_000001',
  transaction_id: '4200000000202601010000000001',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  attach: '',
  success_time: '2026-01-01T00:00:05+08:00',
  payer: { openid: OPENID },
  amount: { total: 1, payer_total: 1, currency: 'CNY', payer_currency: 'CNY' },
};
const refunded = {
  mchid: MCH_ID,
  out_trade_no: 'demo_20260101_000001',
  transaction_id: '4200000000202601010000000001',
  out_refund_no: 'refund-1',
  refund_id: '50000000382019052709732678859',
  refund_status: 'SUCCESS',
  success_time: '2026-01-02T10:00:09+08:00',
  user_received_account: '支付用户零钱',
  amount: { total: 100, refund: 20, payer_total: 100, payer_refund: 20 },
};

const envelope = (resource: unknown, eventType = 'TRANSACTION.SUCCESS') =>
  JSON.stringify({
    id: 'EV-2018022511223320873',
    create_time: '2026-01-01T00:00:06+08:00',
    resource_type: 'encrypt-resource',
    event_type: eventType,
    summary: '支付成功',
    resource,
  });
const paidBody = (change: object = {}) =>
  envelope(seal(JSON.stringify({ ...paid, ...change }), 'transaction'));

/** A client, and notifications for it as WeChat Pay would send them. */
async function receive() {
  const pay = await servePay(() => ({}));
  const client = pay.createClient();
  const notification = (body: string, signing: SigningOptions = {}, headers = {}): RawNotification => ({
    body: Buffer.from(body),
    headers: { ...signedHeaders(body, pay.clock, signing), ...headers },
  });
  return { ...pay, client, notification, [Symbol.asyncDispose]: pay.close };
}

describe('a notification', () => {
  it('of a payment is verified, opened and read', async () => {
    await using pay = await receive();
    expect(await pay.client.readNotification(pay.notification(paidBody()))).toEqual({
      kind: 'transaction',
      id: 'EV-2018022511223320873',
      eventType: 'TRANSACTION.SUCCESS',
      transaction: {
        appId: APP_ID,
        mchId: MCH_ID,
        outTradeNo: 'demo_20260101_000001',
        transactionId: '4200000000202601010000000001',
        tradeState: 'SUCCESS',
        totalFen: 1,
        payerTotalFen: 1,
        openid: OPENID,
        attach: '',
        successAtMs: Date.parse('2025-12-31T16:00:05Z'),
      },
    });
    expect(pay.received).toEqual([]);
  });

  it.each(['REFUND.SUCCESS', 'REFUND.ABNORMAL', 'REFUND.CLOSED'])(
    'of %s is read as well',
    async (eventType) => {
      await using pay = await receive();
      const status = eventType.slice('REFUND.'.length);
      const plain = JSON.stringify({ ...refunded, refund_status: status });
      const body = envelope(seal(plain, 'refund'), eventType);
      expect(await pay.client.readNotification(pay.notification(body))).toEqual({
        kind: 'refund',
        id: 'EV-2018022511223320873',
        eventType,
        refund: {
          outRefundNo: 'refund-1',
          refundId: '50000000382019052709732678859',
          outTradeNo: 'demo_20260101_000001',
          transactionId: '4200000000202601010000000001',
          status,
          refundFen: 20,
          totalFen: 100,
          successAtMs: Date.parse('2026-01-02T02:00:09Z'),
        },
      });
    },
  );

  it('of a kind that nobody asked for is to be acknowledged', async () => {
    await using pay = await receive();
    const body = envelope({ algorithm: 'NONE' }, 'PAYSCORE.USER_PAID');
    expect(await pay.client.readNotification(pay.notification(body))).toEqual({
      kind: 'other',
      id: 'EV-2018022511223320873',
      eventType: 'PAYSCORE.USER_PAID',
    });
  });

  it('without associated data is opened too', async () => {
    await using pay = await receive();
    const { associated_data: _, ...resource } = seal(JSON.stringify(paid), '');
    expect(await pay.client.readNotification(pay.notification(envelope(resource)))).toHaveProperty(
      'transaction',
    );
  });
});

describe('a notification is refused, and an operator told,', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const good = paidBody();

  it.each<[string, SigningOptions, Record<string, unknown>, string]>([
    ['when it is signed with another key', { key: other.privateKey }, {}, 'mismatch'],
    ['when its serial is another', { serial: 'PUB_KEY_ID_2' }, {}, 'unknown-key'],
    ['when it is signed six minutes ago', { atMs: -6 * MINUTE }, {}, 'stale'],
    ['when it is signed six minutes ahead', { atMs: 6 * MINUTE }, {}, 'stale'],
    ['when its time was made younger', {}, { 'wechatpay-timestamp': '1767225601' }, 'mismatch'],
    ['when its nonce was changed', {}, { 'wechatpay-nonce': 'x' }, 'mismatch'],
    ['when it is the probe', {}, { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/MTIz' }, 'probe'],
    [
      'when its algorithm is downgraded',
      {},
      { 'wechatpay-signature-type': 'WECHATPAY2-SHA1-RSA' },
      'downgraded',
    ],
    ['when it has no signature', {}, { 'wechatpay-signature': undefined }, 'unsigned'],
    ['when it has no serial', {}, { 'wechatpay-serial': undefined }, 'unsigned'],
    ['when it has no time', {}, { 'wechatpay-timestamp': undefined }, 'unsigned'],
    ['when its time is in ms with a fraction', {}, { 'wechatpay-timestamp': '1767225600.5' }, 'unsigned'],
    ['when a header comes twice', {}, { 'wechatpay-nonce': ['a', 'b'] }, 'unsigned'],
    ['when a header has a line of its own', {}, { 'wechatpay-nonce': 'a\n{"forged":1}' }, 'unsigned'],
    ['when a header is endless', {}, { 'wechatpay-nonce': 'a'.repeat(10_000) }, 'unsigned'],
  ])('%s', async (_, signing, headers, disbelief) => {
    await using pay = await receive();
    const { atMs, ...others } = signing;
    const at = atMs === undefined ? {} : { atMs: pay.clock.now() + atMs };
    const raw = pay.notification(good, { ...others, ...at }, headers);
    const error = await payFailureOf(pay.client.readNotification(raw));
    expect(error).toMatchObject({
      code: 'WECHAT_PAY_NOTIFICATION_REFUSED',
      kind: 'forged',
      status: 401,
      data: { disbelief },
    });
    expect(pay.alerts).toEqual([error]);
    expect(error.adviceIn('en')).not.toContain('{');
    expect(error.adviceIn('zh-CN')).toMatch(/\p{Script=Han}/u);
  });

  it('when any one of its bytes was changed', async () => {
    await using pay = await receive();
    const { body, headers } = pay.notification(good);
    for (let index = 0; index < body.length; index += 17) {
      const changed = Buffer.from(body);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const error = await payFailureOf(pay.client.readNotification({ headers, body: changed }));
      expect(error.data).toMatchObject({ disbelief: 'mismatch' });
    }
  });

  it('whatever way its signature is spelt', async () => {
    await using pay = await receive();
    const { body, headers } = pay.notification(good);
    const signature = headers['wechatpay-signature'] as string;
    const spareBit = signature.replace(/(.)==$/, (_, last: string) => `${last === 'A' ? 'B' : 'x'}==`);
    for (const spelt of [`${signature}\n`, ` ${signature}`, signature.replace(/==$/, ''), spareBit]) {
      const raw = { body, headers: { ...headers, 'wechatpay-signature': spelt } };
      expect((await payFailureOf(pay.client.readNotification(raw))).code).toBe(
        'WECHAT_PAY_NOTIFICATION_REFUSED',
      );
    }
  });

  it('when it is larger than the bound', async () => {
    await using pay = await receive();
    const client = pay.createClient({ maxAnswerBytes: 100 });
    const error = await payFailureOf(client.readNotification(pay.notification(good)));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_NOTIFICATION_UNREADABLE', status: 400 });
  });
});

describe('a notification that is signed right', () => {
  it.each<[string, string, string]>([
    ['of another merchant', paidBody({ mchid: '1900000001' }), 'WECHAT_PAY_OTHER_MERCHANT'],
    ['of another mini-program', paidBody({ appid: 'wx0' }), 'WECHAT_PAY_OTHER_MERCHANT'],
    [
      'encrypted with another key',
      envelope(seal(JSON.stringify(paid), 'transaction', 'x'.repeat(32))),
      'WECHAT_PAY_MISCONFIGURED',
    ],
    [
      'encrypted in another way',
      envelope({ ...seal(JSON.stringify(paid), 'transaction'), algorithm: 'AEAD_SM4_GCM' }),
      'WECHAT_PAY_NOTIFICATION_UNREADABLE',
    ],
    ['not encrypted at all', envelope(paid), 'WECHAT_PAY_NOTIFICATION_UNREADABLE'],
    ['with rubbish inside', envelope(seal('rubbish', 'transaction')), 'WECHAT_PAY_NOTIFICATION_UNREADABLE'],
    ['of a payment without an amount', paidBody({ amount: {} }), 'WECHAT_PAY_NOTIFICATION_UNREADABLE'],
    ['without an id', '{"event_type":"TRANSACTION.SUCCESS"}', 'WECHAT_PAY_NOTIFICATION_UNREADABLE'],
    ['that is no JSON', 'hello', 'WECHAT_PAY_NOTIFICATION_UNREADABLE'],
  ])('but is %s is an error of its own', async (_, body, code) => {
    await using pay = await receive();
    const error = await payFailureOf(pay.client.readNotification(pay.notification(body)));
    expect(error.code).toBe(code);
    expect(pay.alerts).toEqual([error]);
    expect(error.adviceIn('en')).not.toContain('{');
  });

  it('with a certificate that is not known yet is believed after it was downloaded', async () => {
    await using pay = await servePay(() => ({ body: certificatesBody([certificate]), signing: certificate }));
    const certificate = createCertificate('5157F09EFDC096DE15EBE81A47057A7232F1B8E1', pay.clock);
    const body = paidBody();
    const raw = { body: Buffer.from(body), headers: signedHeaders(body, pay.clock, certificate) };
    // With a public key configured too: notifications are signed with either while a merchant changes over.
    expect(await pay.createClient().readNotification(raw)).toHaveProperty('kind', 'transaction');
    expect(pay.received.map(({ url }) => url)).toEqual(['/v3/certificates']);
  });

  it('may come again: its id tells', async () => {
    await using pay = await receive();
    const raw = pay.notification(paidBody());
    const [first, second] = [await pay.client.readNotification(raw), await pay.client.readNotification(raw)];
    expect(second).toEqual(first);
  });

  it('shows its openid to nobody who logs the error', async () => {
    await using pay = await receive();
    const raw = pay.notification(paidBody({ transaction_id: '' }));
    const error = await payFailureOf(pay.client.readNotification(raw));
    expect(JSON.stringify(error) + JSON.stringify(error.data) + error.stack).not.toContain(OPENID);
    expect(JSON.stringify(error.data)).not.toContain(API_V3_KEY);
  });
});
