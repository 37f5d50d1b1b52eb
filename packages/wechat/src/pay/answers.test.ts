import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { HOUR, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  MCH_ID,
  PUBLIC_KEY_ID,
  payFailureOf,
  type Reply,
  type SigningOptions,
  servePay,
} from './with-pay-server.fixture.ts';

const ORDER = 'order_20260101_000001';
const unpaid = JSON.stringify({ mchid: MCH_ID, out_trade_no: ORDER, trade_state: 'NOTPAY' });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('an answer that cannot be proved to be from WeChat Pay is never a success', () => {
  const signed = (signing: SigningOptions | null, more: Reply = {}): Reply => ({
    body: unpaid,
    signing,
    ...more,
  });
  it.each<[string, Reply, string]>([
    ['without a signature', signed(null), 'unsigned'],
    ['signed with another key', signed({ key: other.privateKey }), 'mismatch'],
    ['of which one byte was changed', signed({}, { sent: unpaid.replace('NOTPAY', 'SUCCESS') }), 'mismatch'],
    ['that a proxy wrote anew', signed({}, { sent: ` ${unpaid}` }), 'mismatch'],
    ['that names another public key', signed({ serial: 'PUB_KEY_ID_2' }), 'unknown-key'],
    [
      'of a downgraded algorithm',
      signed({}, { headers: { 'wechatpay-signature-type': 'WECHATPAY2-SHA1-RSA1024' } }),
      'downgraded',
    ],
    [
      'that is a probe',
      signed({}, { headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc=' } }),
      'probe',
    ],
    [
      'whose signature is spelt in another way',
      signed({}, { headers: { 'wechatpay-signature': 'AA= =' } }),
      'unsigned',
    ],
    ['of 204 that is not signed', { status: 204, signing: null }, 'unsigned'],
    [
      'of a refusal that was changed',
      signed({}, { status: 404, sent: '{"code":"ORDER_NOT_EXIST"}' }),
      'mismatch',
    ],
  ])('%s', async (_, reply, disbelief) => {
    await using pay = await servePay(() => reply);
    const error = await payFailureOf(pay.createClient().query({ outTradeNo: ORDER }));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_ANSWER_FORGED', kind: 'forged', data: { disbelief } });
    expect(error.adviceIn('zh-CN')).toMatch(/\p{Script=Han}/u);
    expect(pay.alerts).toEqual([error]);
    expect(pay.received).toHaveLength(1);
  });

  it('also for closing, which brings no body', async () => {
    await using pay = await servePay(() => ({ status: 204, signing: { key: other.privateKey } }));
    expect((await payFailureOf(pay.createClient().close(ORDER))).code).toBe('WECHAT_PAY_ANSWER_FORGED');
  });
});

describe('the clock', () => {
  it.each([
    [6 * MINUTE, 360],
    [-6 * MINUTE, -360],
  ])('%d ms off makes an answer unbelievable, and says why', async (ahead, skewSeconds) => {
    await using pay = await servePay(() => ({ body: unpaid, signing: { atMs: pay.clock.now() - ahead } }));
    const error = await payFailureOf(pay.createClient().query({ outTradeNo: ORDER }));
    expect(error).toMatchObject({
      code: 'WECHAT_PAY_CLOCK_WRONG',
      kind: 'configuration',
      data: { skewSeconds },
    });
    expect(error.adviceIn('en')).toContain(`${skewSeconds} s`);
  });

  it('is believed up to 5 minutes', async () => {
    let offMs = 0;
    await using pay = await servePay(() => ({ body: unpaid, signing: { atMs: pay.clock.now() + offMs } }));
    const client = pay.createClient();
    for (offMs of [5 * MINUTE, -5 * MINUTE]) {
      expect(await client.query({ outTradeNo: ORDER })).toBeDefined();
    }
  });

  it('that parts from the Date of answers is told before calls are refused, once', async () => {
    await using pay = await servePay(() => {
      const date = new Date(pay.clock.now() - 2 * MINUTE).toUTCString();
      return { body: unpaid, headers: { date } };
    });
    const client = pay.createClient();
    for (let call = 0; call < 9; call += 1) await client.query({ outTradeNo: ORDER });
    expect(pay.alerts.map(({ code, data }) => [code, data.skewSeconds])).toEqual([
      ['WECHAT_PAY_CLOCK_WRONG', 119],
    ]);
  });

  it('has its own remedy when WeChat Pay refuses a signature for it', async () => {
    const message = 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟';
    const body = JSON.stringify({ code: 'SIGN_ERROR', message });
    await using pay = await servePay(() => ({ status: 401, body, signing: null }));
    const client = pay.createClient();
    const error = await payFailureOf(client.query({ outTradeNo: ORDER }));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_CLOCK_WRONG', wechatCode: 'SIGN_ERROR', status: 500 });
    expect(error.adviceIn('en')).toContain('chrony');
  });
});

describe('the same call is sent again', () => {
  const refusal = (status: number, code: string): Reply => ({ status, body: JSON.stringify({ code }) });
  const prepayment = { outTradeNo: ORDER, description: 'tea', amountFen: 1, openid: 'o1' };

  it.each<[string, Reply | 'hang up', string, number[]]>([
    ['a fault of WeChat Pay', refusal(500, 'SYSTEM_ERROR'), 'WECHAT_PAY_BUSY', [150, 300]],
    ['too many calls', refusal(429, 'FREQUENCY_LIMITED'), 'WECHAT_PAY_TOO_FREQUENT', [1250, 1250]],
    ['a code that is new, with 502', refusal(502, 'BRAND_NEW'), 'WECHAT_PAY_BUSY', [150, 300]],
    [
      'the page of a gateway',
      { status: 502, body: '<html>', signing: null },
      'WECHAT_PAY_ANSWER_UNREADABLE',
      [150, 300],
    ],
    ['a broken connection', 'hang up', 'WECHAT_PAY_UNREACHABLE', [150, 300]],
  ])('after %s, twice at most, later each time', async (_, reply, code, slept) => {
    await using pay = await servePay(() => reply);
    expect((await payFailureOf(pay.createClient().prepay(prepayment))).code).toBe(code);
    expect(pay.slept).toEqual(slept);
    expect(pay.reports.map(({ attempt, failure }) => [attempt, failure])).toEqual([
      [1, code],
      [2, code],
      [3, code],
    ]);
    // The very same body under a signature of its own.
    expect(new Set(pay.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(pay.received.map(({ headers }) => headers.authorization)).size).toBe(3);
    expect(pay.received.every(({ signatureHolds }) => signatureHolds)).toBe(true);
  });

  it('and the second try may succeed', async () => {
    const replies: Reply[] = [refusal(500, 'SYSTEM_ERROR'), { body: '{"prepay_id":"wx1"}' }];
    await using pay = await servePay(() => replies.shift() ?? {});
    expect(await pay.createClient().prepay(prepayment)).toHaveProperty('prepayId', 'wx1');
  });

  it.each([
    ['PARAM_ERROR', 400],
    ['SIGN_ERROR', 401],
    ['NO_AUTH', 403],
    ['OUT_TRADE_NO_USED', 403],
    ['BRAND_NEW', 400],
  ])('never after %s', async (code, status) => {
    await using pay = await servePay(() => refusal(status, code));
    expect((await payFailureOf(pay.createClient().prepay(prepayment))).wechatCode).toBe(code);
    expect(pay.received).toHaveLength(1);
  });

  it('never after silence: it may have been done', async () => {
    await using pay = await servePay(() => 'say nothing');
    const error = await payFailureOf(pay.createClient({ timeoutMs: 50 }).prepay(prepayment));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_TIMED_OUT', status: 504, data: { timeoutMs: 50 } });
    expect(pay.received).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('larger than the bound is not collected', async () => {
    await using pay = await servePay(() => ({ body: ' '.repeat(200_000) }));
    const error = await payFailureOf(
      pay.createClient({ maxAnswerBytes: 100_000 }).query({ outTradeNo: ORDER }),
    );
    expect(error).toMatchObject({
      code: 'WECHAT_PAY_ANSWER_UNREADABLE',
      data: { found: 'more than 100000 bytes' },
    });
  });

  it('that is no JSON is unreadable even when it is signed', async () => {
    await using pay = await servePay(() => ({ body: '[1]' }));
    const error = await payFailureOf(pay.createClient().query({ outTradeNo: ORDER }));
    expect(error.code).toBe('WECHAT_PAY_ANSWER_UNREADABLE');
  });

  it('that leads elsewhere is not followed', async () => {
    await using pay = await servePay(() => ({ status: 302, headers: { location: '/elsewhere' } }));
    expect((await payFailureOf(pay.createClient().query({ outTradeNo: ORDER }))).code).toBe(
      'WECHAT_PAY_UNREACHABLE',
    );
    expect(pay.received.some(({ url }) => url === '/elsewhere')).toBe(false);
  });
});

describe('the backup host', () => {
  async function unusedPort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  it('is asked when the main one cannot be reached, at once for a minute, and then the main one again', async () => {
    await using backup = await servePay(() => ({ body: unpaid }));
    const main = `http://127.0.0.1:${await unusedPort()}`;
    const client = backup.createClient({ baseUrl: main, backupBaseUrl: backup.baseUrl });
    const tries = async () => {
      backup.reports.length = 0;
      await client.query({ outTradeNo: ORDER });
      return backup.reports.map(({ failure }) => failure);
    };
    expect(await tries()).toEqual(['WECHAT_PAY_UNREACHABLE', null]);
    expect(await tries()).toEqual([null]);
    backup.clock.advance(HOUR);
    expect(await tries()).toEqual(['WECHAT_PAY_UNREACHABLE', null]);
    expect(backup.received[0]?.headers['wechatpay-serial']).toBe(PUBLIC_KEY_ID);
  });

  it('gets the calls that come after one that the main one did not answer, not that call itself', async () => {
    await using backup = await servePay(() => ({ body: unpaid }));
    await using main = await servePay(() => 'say nothing');
    const client = backup.createClient({
      baseUrl: main.baseUrl,
      backupBaseUrl: backup.baseUrl,
      timeoutMs: 100,
    });
    expect((await payFailureOf(client.query({ outTradeNo: ORDER }))).code).toBe('WECHAT_PAY_TIMED_OUT');
    expect(backup.received).toHaveLength(0);
    expect(await client.query({ outTradeNo: ORDER })).toBeDefined();
    expect(main.received).toHaveLength(1);
  });

  it('is not asked because WeChat Pay refuses', async () => {
    await using backup = await servePay(() => ({ body: unpaid }));
    await using main = await servePay(() => ({ status: 500, body: '{"code":"SYSTEM_ERROR"}' }));
    const client = main.createClient({ backupBaseUrl: backup.baseUrl });
    expect((await payFailureOf(client.query({ outTradeNo: ORDER }))).code).toBe('WECHAT_PAY_BUSY');
    expect(backup.received).toHaveLength(0);
  });

  it('that fails too gives way to the main one', async () => {
    await using main = await servePay(() => 'hang up');
    const client = main.createClient({ backupBaseUrl: `http://127.0.0.1:${await unusedPort()}` });
    expect((await payFailureOf(client.query({ outTradeNo: ORDER }))).code).toBe('WECHAT_PAY_UNREACHABLE');
    expect(main.received).toHaveLength(2);
  });
});
