import { DAY, HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { APP_ID } from '../../with-simulator.fixture.ts';
import { OPENID, startMerchant } from './with-merchant.fixture.ts';

const fault = (code: string) =>
  expect.objectContaining({ json: expect.objectContaining({ code, message: expect.stringMatching(/./) }) });

describe('a payment', () => {
  it('is prepaid, paid by the user, told to the server, and answered in queries both ways', async () => {
    await using shop = await startMerchant();
    const prepaid = await shop.prepay('order_0001', { attach: 'table 7' });
    expect(prepaid.status).toBe(200);
    const { prepay_id: prepayId } = prepaid.json;
    expect(prepayId).toMatch(/^wx\d{14}[0-9a-f]{20}$/);
    expect((await shop.query('order_0001')).json).toMatchObject({
      trade_state: 'NOTPAY',
      mchid: '1900000001',
    });
    const paid = shop.pay.payWith(shop.paymentParameters(prepayId ?? ''));
    expect(paid).toMatchObject({ state: 'SUCCESS', totalFen: 100, notice: 'pending' });
    await shop.pay.quiet();
    const [notice] = shop.received;
    expect(shop.received).toHaveLength(1);
    expect(notice && shop.isSigned(notice.headers, notice.body)).toBe(true);
    expect(notice?.headers['wechatpay-serial']).toBe(shop.credentials.publicKeyId);
    const envelope = JSON.parse(String(notice?.body));
    expect(envelope).toMatchObject({
      id: expect.stringMatching(/^EV-/),
      event_type: 'TRANSACTION.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM' },
    });
    const transaction = JSON.parse(shop.open(envelope.resource));
    expect(transaction).toEqual({
      mchid: '1900000001',
      appid: APP_ID,
      out_trade_no: 'order_0001',
      transaction_id: expect.stringMatching(/^\d{28}$/),
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      bank_type: 'OTHERS',
      attach: 'table 7',
      success_time: '2026-01-01T08:00:00+08:00',
      payer: { openid: OPENID },
      amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
    });
    expect((await shop.query('order_0001')).json).toEqual(transaction);
    const byId = `/v3/pay/transactions/id/${transaction.transaction_id}?mchid=1900000001`;
    expect((await shop.call(byId)).json).toEqual(transaction);
    expect(shop.pay.payment('order_0001')).toMatchObject({ notice: 'acknowledged' });
    expect(shop.pay.counts).toMatchObject({ sent: 1, acknowledged: 1 });
  });

  it('is paid once, and never when it was refused, has expired or is closed', async () => {
    await using shop = await startMerchant();
    const { prepay_id: first = '' } = (await shop.prepay('order_0001')).json;
    shop.pay.refuse('order_0001');
    expect(shop.pay.payment('order_0001')).toMatchObject({ state: 'NOTPAY', refusals: 1 });
    const { prepay_id: again = '' } = (await shop.prepay('order_0001')).json;
    shop.pay.payWith(shop.paymentParameters(again));
    expect(() => shop.pay.payWith(shop.paymentParameters(first))).toThrow(/paid already/);
    expect(await shop.prepay('order_0001')).toEqual(fault('INVALID_REQUEST'));
    expect(await shop.close('order_0001')).toEqual(fault('INVALID_REQUEST'));
    await shop.prepay('order_0002');
    shop.pay.expire('order_0002');
    expect(() => shop.pay.pay('order_0002')).toThrow(/closed/);
    expect((await shop.query('order_0002')).json).toMatchObject({ trade_state: 'CLOSED' });
    const { prepay_id: third = '' } = (await shop.prepay('order_0003')).json;
    const closed = await shop.close('order_0003');
    expect(closed).toMatchObject({ status: 204, text: '' });
    expect(shop.isSigned(closed.headers, '')).toBe(true);
    expect(() => shop.pay.payWith(shop.paymentParameters(third))).toThrow(/closed/);
    expect(await shop.close('order_0003')).toEqual(fault('ORDER_CLOSED'));
    expect(await shop.prepay('order_0003')).toEqual(fault('ORDER_CLOSED'));
    expect(shop.pay.payments.filter(({ state }) => state === 'SUCCESS')).toHaveLength(1);
  });

  it('grows old: a prepay id in 2 hours, an unpaid order by time_expire or after 7 days', async () => {
    await using shop = await startMerchant();
    const { prepay_id: prepayId = '' } = (await shop.prepay('order_0001')).json;
    await shop.prepay('order_0002', { time_expire: '2026-01-01T08:05:00+08:00' });
    shop.simulator.advance(5 * 60 * SECOND - 1);
    expect(shop.pay.payment('order_0002')?.state).toBe('NOTPAY');
    shop.simulator.advance(1);
    expect(shop.pay.payment('order_0002')?.state).toBe('CLOSED');
    shop.simulator.advance(2 * HOUR);
    expect(() => shop.pay.payWith(shop.paymentParameters(prepayId))).toThrow(/2 hours/);
    expect((await shop.prepay('order_0001')).status).toBe(200);
    await shop.prepay('order_0003', { time_expire: '2026-02-01T08:00:00+08:00' });
    shop.simulator.advance(7 * DAY);
    expect((await shop.query('order_0001')).json).toMatchObject({ trade_state: 'CLOSED' });
    expect((await shop.query('order_0003')).json).toMatchObject({ trade_state: 'CLOSED' });
  });
});

describe('paySign', () => {
  it('must be the merchant’s, over what the mini-program passes', async () => {
    await using shop = await startMerchant();
    const { prepay_id: prepayId = '' } = (await shop.prepay('order_0001')).json;
    const good = shop.paymentParameters(prepayId);
    const bad = [
      { ...good, nonceStr: 'another' },
      shop.sign({ ...good, nonceStr: 'x'.repeat(33) }),
      shop.sign({ ...good, timeStamp: `${good.timeStamp}000` }),
      shop.sign({ ...good, package: prepayId }),
      { ...good, timeStamp: String(Number(good.timeStamp) + 1) },
      { ...good, package: `${good.package}0` },
      { ...good, paySign: `A${good.paySign.slice(1)}` },
      { ...good, paySign: '' },
      { ...good, signType: 'MD5' as 'RSA' },
      { ...good, timeStamp: 1_767_225_600 as unknown as string },
    ];
    for (const parameters of bad) expect(() => shop.pay.payWith(parameters)).toThrow(/simulator cannot/);
    expect(shop.pay.payment('order_0001')?.state).toBe('NOTPAY');
    expect(shop.pay.payWith(good).state).toBe('SUCCESS');
  });
});

describe('a refund', () => {
  it('succeeds after a while, is told, adds up, and is the same under the same number', async () => {
    await using shop = await startMerchant();
    await shop.prepay('order_0001');
    shop.pay.pay('order_0001');
    const first = await shop.refund('order_0001', 'refund_1', 30, { reason: 'cold' });
    expect(first.json).toMatchObject({ status: 'PROCESSING', amount: { refund: 30, total: 100 } });
    expect((await shop.refund('order_0001', 'refund_1', 30, { reason: 'cold' })).json).toEqual(first.json);
    expect(await shop.refund('order_0001', 'refund_1', 31, { reason: 'cold' })).toEqual(
      fault('INVALID_REQUEST'),
    );
    expect((await shop.query('order_0001')).json).toMatchObject({ trade_state: 'REFUND' });
    await shop.pay.quiet();
    shop.simulator.advance(3 * SECOND);
    await expect.poll(() => shop.pay.refund('refund_1')?.notice).toBe('acknowledged');
    expect((await shop.call('/v3/refund/domestic/refunds/refund_1')).json).toMatchObject({
      status: 'SUCCESS',
      success_time: '2026-01-01T08:00:00+08:00',
    });
    const envelope = JSON.parse(String(shop.received.at(-1)?.body));
    expect(envelope).toMatchObject({ event_type: 'REFUND.SUCCESS', resource: { original_type: 'refund' } });
    expect(JSON.parse(shop.open(envelope.resource))).toMatchObject({
      out_refund_no: 'refund_1',
      refund_status: 'SUCCESS',
      amount: { refund: 30, total: 100 },
    });
    const bad: [object, string][] = [
      [{ amount: { refund: 1, total: 99, currency: 'CNY' } }, 'INVALID_REQUEST'],
      [{ amount: { refund: 1, total: 100 } }, 'PARAM_ERROR'],
      [{ notify_url: 'http://shop.example.com/pay' }, 'PARAM_ERROR'],
      [{ out_trade_no: undefined }, 'PARAM_ERROR'],
      [{ out_refund_no: 'no blanks' }, 'PARAM_ERROR'],
      [{ reason: 'x'.repeat(81) }, 'PARAM_ERROR'],
    ];
    for (const [fields, code] of bad) {
      expect(await shop.refund('order_0001', 'refund_2', 1, fields)).toEqual(fault(code));
    }
    expect(await shop.refund('order_0001', 'refund_2', 71)).toEqual(fault('INVALID_REQUEST'));
    expect((await shop.refund('order_0001', 'refund_2', 70)).status).toBe(200);
    expect(shop.pay.payment('order_0001')?.refundedFen).toBe(100);
  });

  it('ends as it is told to, and one that was closed gives its money back to the order', async () => {
    await using shop = await startMerchant({ behaviour: { refundAfterMs: null } });
    await shop.prepay('order_0001');
    expect(await shop.refund('order_0001', 'refund_0', 1)).toEqual(fault('INVALID_REQUEST'));
    shop.pay.pay('order_0001');
    await shop.refund('order_0001', 'refund_1', 100);
    expect(shop.pay.finishRefund('refund_1', 'ABNORMAL').status).toBe('ABNORMAL');
    expect(shop.pay.finishRefund('refund_1', 'CLOSED').status).toBe('CLOSED');
    expect(() => shop.pay.finishRefund('refund_1', 'SUCCESS')).toThrow(/over/);
    expect(() => shop.pay.finishRefund('refund_9', 'SUCCESS')).toThrow(/no such/);
    expect(shop.pay.payment('order_0001')).toMatchObject({ state: 'SUCCESS', refundedFen: 0 });
    await shop.refund('order_0001', 'refund_2', 100);
    shop.pay.finishRefund('refund_2', 'SUCCESS');
    await shop.pay.quiet();
    const events = shop.received.map(({ body }) => JSON.parse(String(body)).event_type);
    expect(events.sort()).toEqual([
      'REFUND.ABNORMAL',
      'REFUND.CLOSED',
      'REFUND.SUCCESS',
      'TRANSACTION.SUCCESS',
    ]);
  });

  it('that was ended by hand does not succeed later', async () => {
    await using shop = await startMerchant({ behaviour: { refundAfterMs: MINUTE } });
    await shop.prepay('order_0001');
    shop.pay.pay('order_0001');
    await shop.refund('order_0001', 'refund_1', 1);
    await shop.refund('order_0001', 'refund_2', 2);
    shop.pay.finishRefund('refund_1', 'CLOSED');
    shop.simulator.advance(MINUTE);
    await expect.poll(() => shop.pay.refund('refund_2')?.status).toBe('SUCCESS');
    expect(shop.pay.refund('refund_1')?.status).toBe('CLOSED');
  });

  it('is limited to 50 of an order, to its sum and to a year', async () => {
    await using shop = await startMerchant();
    await shop.prepay('order_0001');
    shop.pay.pay('order_0001');
    for (let count = 1; count <= 50; count += 1) {
      expect((await shop.refund('order_0001', `refund_${count}`, 1)).status).toBe(200);
    }
    expect(await shop.refund('order_0001', 'refund_51', 1)).toEqual(fault('RULE_LIMIT'));
    await shop.prepay('order_0002');
    shop.pay.pay('order_0002');
    shop.simulator.advance(365 * DAY + 1);
    expect(await shop.refund('order_0002', 'late_refund', 1)).toEqual(fault('INVALID_REQUEST'));
    expect(await shop.refund('order_0009', 'stray_refund', 1)).toEqual(fault('RESOURCE_NOT_EXISTS'));
  });
});
