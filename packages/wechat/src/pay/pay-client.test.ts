import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PREPAY } from './pay-api-facts.ts';
import type { PrepayRequest } from './pay-types.ts';
import {
  APP_ID,
  MCH_ID,
  NOTIFY_URL,
  OPENID,
  PUBLIC_KEY_ID,
  payFailureOf,
  type Reply,
  servePay,
} from './with-pay-server.fixture.ts';

const ORDER = 'order_20260101_000001';
const TRANSACTION_ID = '4200000000202601010000000001';

const prepayment: PrepayRequest = {
  outTradeNo: ORDER,
  description: '麻雀 T恤 ×2',
  amountFen: 12_80,
  openid: OPENID,
};

const paid = {
  appid: APP_ID,
  mchid: MCH_ID,
  out_trade_no: ORDER,
  transaction_id: TRANSACTION_ID,
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: 'cart=7',
  success_time: '2026-01-01T00:00:05+08:00',
  payer: { openid: OPENID },
  amount: { total: 1280, payer_total: 1180, currency: 'CNY', payer_currency: 'CNY' },
};

const refunded = {
  refund_id: '50000000382019052709732678859',
  out_refund_no: 'refund-1',
  transaction_id: TRANSACTION_ID,
  out_trade_no: ORDER,
  channel: 'ORIGINAL',
  user_received_account: '支付用户零钱',
  create_time: '2026-01-02T10:00:00+08:00',
  status: 'PROCESSING',
  amount: { total: 1280, refund: 280, payer_total: 1180, payer_refund: 180, currency: 'CNY' },
};

const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });
const refusal = (status: number, code: string, message = code, headers = {}): Reply => ({
  status,
  body: JSON.stringify({ code, message, detail: { field: '/payer', value: OPENID, issue: 'x' } }),
  headers,
});

describe('prepay', () => {
  it('sends exactly the documented fields, signed over the bytes that arrive', async () => {
    await using pay = await servePay(() => json({ prepay_id: 'wx201410272009395522657a690389285100' }));
    const client = pay.createClient();
    const expiresAtMs = Date.parse('2026-01-01T02:03:04.999Z');
    expect(await client.prepay({ ...prepayment, attach: 'cart=7', expiresAtMs })).toEqual({
      prepayId: 'wx201410272009395522657a690389285100',
      validForMs: 7_200_000,
    });
    expect(pay.received).toHaveLength(1);
    expect(pay.received[0]).toMatchObject({ method: 'POST', url: PREPAY.path, signatureHolds: true });
    expect(JSON.parse(pay.received[0]?.body ?? '')).toEqual({
      appid: APP_ID,
      mchid: MCH_ID,
      description: '麻雀 T恤 ×2',
      out_trade_no: ORDER,
      time_expire: '2026-01-01T10:03:04+08:00',
      attach: 'cart=7',
      notify_url: NOTIFY_URL,
      amount: { total: 1280, currency: 'CNY' },
      payer: { openid: OPENID },
    });
    expect(pay.received[0]?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      'wechatpay-serial': PUBLIC_KEY_ID,
    });
    expect(pay.received[0]?.headers['user-agent']).toMatch(/^maque/);
  });

  it('is not sent when it cannot be right, and says all that is wrong in both languages', async () => {
    await using pay = await servePay(() => json({}));
    const error = await payFailureOf(
      pay.createClient().prepay({
        outTradeNo: 'short',
        description: '',
        amountFen: 12.8,
        openid: '',
        attach: 'x'.repeat(129),
        expiresAtMs: pay.clock.now(),
        notifyUrl: 'https://shop.example.com/notify?order=1',
      }),
    );
    expect(error).toMatchObject({ code: 'WECHAT_PAY_CALL_INVALID', kind: 'programming', httpStatus: null });
    expect(error.details.map(({ path }) => path)).toEqual([
      'outTradeNo',
      'description',
      'amountFen',
      'openid',
      'attach',
      'expiresAtMs',
      'notifyUrl',
    ]);
    expect(error.detailsIn('zh-CN')[2]?.issue).toContain('分');
    expect(pay.received).toHaveLength(0);
    expect(pay.alerts).toEqual([error]);
  });

  it.each([
    ['127 emoji', { description: '🐦'.repeat(127) }, true],
    ['128 characters', { description: '麻'.repeat(128) }, false],
    ['an order number of 32 with all signs', { outTradeNo: `aZ09_-|*${'x'.repeat(24)}` }, true],
    ['an order number of 33', { outTradeNo: 'x'.repeat(33) }, false],
    ['an order number with a space', { outTradeNo: 'order 12' }, false],
    ['no money', { amountFen: 0 }, false],
    ['money beyond what is exact', { amountFen: 2 ** 53 }, false],
    ['a notify address on loopback', { notifyUrl: 'http://127.0.0.1:8080/api/wechat/pay/notify' }, true],
    ['a notify address without TLS', { notifyUrl: 'http://shop.example.com/notify' }, false],
  ])('judges %s', async (_, change, accepted) => {
    await using pay = await servePay(() => json({ prepay_id: 'wx1' }));
    const answer = pay.createClient().prepay({ ...prepayment, ...change });
    if (accepted) await answer;
    else expect((await payFailureOf(answer)).code).toBe('WECHAT_PAY_CALL_INVALID');
  });
});

describe('a query', () => {
  it('reads a payment, by either number', async () => {
    await using pay = await servePay(() => json(paid));
    const client = pay.createClient();
    const expected = {
      appId: APP_ID,
      mchId: MCH_ID,
      outTradeNo: ORDER,
      transactionId: TRANSACTION_ID,
      tradeState: 'SUCCESS',
      totalFen: 1280,
      payerTotalFen: 1180,
      openid: OPENID,
      attach: 'cart=7',
      successAtMs: Date.parse('2025-12-31T16:00:05Z'),
    };
    expect(await client.query({ outTradeNo: ORDER })).toEqual(expected);
    expect(await client.query({ transactionId: TRANSACTION_ID })).toEqual(expected);
    expect(pay.received.map(({ url, body, signatureHolds }) => [url, body, signatureHolds])).toEqual([
      [`/v3/pay/transactions/out-trade-no/${ORDER}?mchid=${MCH_ID}`, '', true],
      [`/v3/pay/transactions/id/${TRANSACTION_ID}?mchid=${MCH_ID}`, '', true],
    ]);
  });

  it('of a number with signs is signed as it is sent', async () => {
    await using pay = await servePay(() => json({ ...paid, out_trade_no: 'a|b*c-d_e' }));
    expect(await pay.createClient().query({ outTradeNo: 'a|b*c-d_e' })).toHaveProperty(
      'outTradeNo',
      'a|b*c-d_e',
    );
    expect(pay.received[0]).toMatchObject({ signatureHolds: true });
    expect(pay.received[0]?.url).toContain('/a%7Cb*c-d_e?');
  });

  it('reads an unpaid payment, of which WeChat Pay says little', async () => {
    const unpaid = { mchid: MCH_ID, out_trade_no: ORDER, trade_state: 'NOTPAY', amount: {} };
    await using pay = await servePay(() => json(unpaid));
    expect(await pay.createClient().query({ outTradeNo: ORDER })).toMatchObject({
      tradeState: 'NOTPAY',
      transactionId: null,
      totalFen: null,
      openid: null,
      attach: '',
      successAtMs: null,
    });
  });

  it.each(['ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS'])('answers undefined to %s', async (code) => {
    await using pay = await servePay(() => refusal(404, code));
    const client = pay.createClient();
    expect(await client.query({ outTradeNo: ORDER })).toBeUndefined();
    expect(await client.queryRefund('refund-1')).toBeUndefined();
    expect(pay.alerts).toEqual([]);
  });

  it.each([
    ['another merchant', { mchid: '1900000001' }, 'WECHAT_PAY_OTHER_MERCHANT'],
    ['another mini-program', { appid: 'wx0000000000000000' }, 'WECHAT_PAY_OTHER_MERCHANT'],
    ['another order', { out_trade_no: 'another_order' }, 'WECHAT_PAY_ANSWER_UNREADABLE'],
    ['an unknown state', { trade_state: 'DREAMT_OF' }, 'WECHAT_PAY_ANSWER_UNREADABLE'],
    ['a success without a number', { transaction_id: '' }, 'WECHAT_PAY_ANSWER_UNREADABLE'],
    ['a success without an amount', { amount: { total: '1280' } }, 'WECHAT_PAY_ANSWER_UNREADABLE'],
    ['a success without a time', { success_time: 'yesterday' }, 'WECHAT_PAY_ANSWER_UNREADABLE'],
  ])('does not take an answer about %s', async (_, change, code) => {
    await using pay = await servePay(() => json({ ...paid, ...change }));
    expect((await payFailureOf(pay.createClient().query({ outTradeNo: ORDER }))).code).toBe(code);
  });
});

describe('closing', () => {
  it('is done at 204, or when it was done before', async () => {
    const replies: Reply[] = [{ status: 204 }, refusal(400, 'ORDER_CLOSED')];
    await using pay = await servePay(() => replies.shift() ?? {});
    const client = pay.createClient();
    await client.close(ORDER);
    await client.close(ORDER);
    expect(pay.received[0]).toMatchObject({
      method: 'POST',
      url: `/v3/pay/transactions/out-trade-no/${ORDER}/close`,
      body: JSON.stringify({ mchid: MCH_ID }),
      signatureHolds: true,
    });
  });

  it('tells that somebody has paid, though WeChat Pay says so by a number only', async () => {
    const request = { 'request-id': '08AEFFCF9F06-268449538' };
    await using pay = await servePay(() => refusal(400, 'INVALID_REQUEST', '该订单已支付', request));
    const error = await payFailureOf(pay.createClient().close(ORDER));
    expect(error).toMatchObject({
      code: 'WECHAT_PAY_ALREADY_PAID',
      wechatCode: 'INVALID_REQUEST',
      status: 409,
    });
    expect(error.adviceIn('en')).toContain('paid already');
  });
});

describe('a refund', () => {
  it('sends exactly the documented fields and reads the answer', async () => {
    await using pay = await servePay(() => json(refunded));
    const client = pay.createClient();
    const request = { outRefundNo: 'refund-1', refundFen: 280, totalFen: 1280 };
    expect(await client.refund({ ...request, outTradeNo: ORDER, reason: '缺货' })).toEqual({
      outRefundNo: 'refund-1',
      refundId: '50000000382019052709732678859',
      outTradeNo: ORDER,
      transactionId: TRANSACTION_ID,
      status: 'PROCESSING',
      refundFen: 280,
      totalFen: 1280,
      successAtMs: null,
    });
    await client.refund({ ...request, transactionId: TRANSACTION_ID });
    expect(pay.received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        out_trade_no: ORDER,
        out_refund_no: 'refund-1',
        reason: '缺货',
        notify_url: NOTIFY_URL,
        amount: { refund: 280, total: 1280, currency: 'CNY' },
      },
      {
        transaction_id: TRANSACTION_ID,
        out_refund_no: 'refund-1',
        notify_url: NOTIFY_URL,
        amount: { refund: 280, total: 1280, currency: 'CNY' },
      },
    ]);
    expect(pay.received.every(({ signatureHolds }) => signatureHolds)).toBe(true);
  });

  it('is queried by its number', async () => {
    await using pay = await servePay(() =>
      json({ ...refunded, status: 'SUCCESS', success_time: '2026-01-02T10:00:09+08:00' }),
    );
    expect(await pay.createClient().queryRefund('refund-1')).toMatchObject({
      status: 'SUCCESS',
      successAtMs: Date.parse('2026-01-02T02:00:09Z'),
    });
    expect(pay.received[0]?.url).toBe('/v3/refund/domestic/refunds/refund-1');
  });

  it.each([
    ['of more than was paid', { refundFen: 1281 }, 'refundFen'],
    ['of nothing', { refundFen: 0 }, 'refundFen'],
    ['of both numbers', { transactionId: TRANSACTION_ID }, 'transactionId'],
    ['of no number', { outTradeNo: undefined }, 'transactionId'],
    ['under a number with a space', { outRefundNo: 'refund 1' }, 'outRefundNo'],
    ['with a long reason', { reason: '长'.repeat(81) }, 'reason'],
  ])('%s is not sent', async (_, change, path) => {
    await using pay = await servePay(() => json(refunded));
    const request = { outTradeNo: ORDER, outRefundNo: 'refund-1', refundFen: 280, totalFen: 1280 };
    const error = await payFailureOf(pay.createClient().refund({ ...request, ...change } as never));
    expect(error.code).toBe('WECHAT_PAY_CALL_INVALID');
    expect(error.details[0]?.path).toBe(path);
    expect(pay.received).toHaveLength(0);
  });

  it('that the balance does not cover goes to an operator', async () => {
    await using pay = await servePay(() => refusal(403, 'NOT_ENOUGH', '基本账户余额不足'));
    const request = { outTradeNo: ORDER, outRefundNo: 'refund-1', refundFen: 280, totalFen: 1280 };
    const error = await payFailureOf(pay.createClient().refund(request));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_BALANCE_SHORT', status: 503 });
    expect(pay.alerts).toEqual([error]);
  });
});

describe('an error', () => {
  it('holds neither openid nor key nor signature, however it is looked at', async () => {
    await using pay = await servePay(() => refusal(400, 'PARAM_ERROR', `openid ${OPENID} 无效`));
    const error = await payFailureOf(pay.createClient().prepay(prepayment));
    const seen =
      inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + error.adviceIn('zh-CN');
    expect(error).toMatchObject({
      code: 'WECHAT_PAY_CALL_INVALID',
      wechatCode: 'PARAM_ERROR',
      httpStatus: 400,
    });
    expect(error.said).toContain('openid *** 无效; /payer; x');
    expect(seen).not.toContain(OPENID);
    expect(seen).not.toMatch(/signature="|PRIVATE KEY/);
    expect(inspect(pay.reports, { depth: 9 })).not.toContain(OPENID);
  });

  it('bears the Request-ID, and reports name the API and no order', async () => {
    await using pay = await servePay(() => refusal(403, 'RULE_LIMIT'));
    const error = await payFailureOf(pay.createClient().query({ outTradeNo: ORDER }));
    expect(error).toMatchObject({ code: 'WECHAT_PAY_RULE_REFUSED', requestId: '08F78BB5-268435456' });
    expect(pay.reports).toEqual([
      {
        method: 'GET',
        path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
        httpStatus: 403,
        failure: 'WECHAT_PAY_RULE_REFUSED',
        wechatCode: 'RULE_LIMIT',
        ms: 0,
        requestId: '08F78BB5-268435456',
        attempt: 1,
      },
    ]);
  });
});
