import { describe, expect, it } from 'vitest';
import { startMerchant } from './with-merchant.fixture.ts';

describe('control routes', () => {
  it('pay as the WeChat app does, and do what users, forgers and banks do', async () => {
    await using shop = await startMerchant({ behaviour: { refundAfterMs: null } }, ({ headers, body }) =>
      shop.isSigned(headers, body) ? 204 : 401,
    );
    const post = async (path: string, body: object) => {
      const response = await fetch(`${shop.baseUrl}/_sim/pay${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: response.status, ...((await response.json()) as object) };
    };
    const { prepay_id: prepayId = '' } = (await shop.prepay('order_0001')).json;
    expect(await post('/refuse', { outTradeNo: 'order_0001' })).toMatchObject({ status: 200, refusals: 1 });
    expect(await post('/forge', { outTradeNo: 'order_0001', forgery: 'wrong-key' })).toMatchObject({
      status: 200,
    });
    const good = shop.paymentParameters(prepayId);
    expect(await post('/with', { ...good, nonceStr: 'x' })).toMatchObject({ status: 400 });
    expect(await post('/with', good)).toMatchObject({ status: 200, state: 'SUCCESS' });
    await shop.refund('order_0001', 'refund_1', 1);
    expect(await post('/finish-refund', { outRefundNo: 'refund_1', status: 'ABNORMAL' })).toMatchObject({
      outRefundNo: 'refund_1',
    });
    await shop.pay.quiet();
    expect(await post('/notify', { number: 'refund_1' })).toMatchObject({ status: 200 });
    expect(await post('/behaviour', { certificateShare: 1 })).toMatchObject({ certificateShare: 1 });
    expect(await post('/rotate-certificate', { overlapMs: 1000 })).toMatchObject({ status: 200 });
    expect(shop.pay.keys().certificates).toHaveLength(2);
    await shop.pay.quiet();
    expect(shop.pay.counts).toMatchObject({ forged: 1, forgedAcknowledged: 0, acknowledged: 3 });
    await shop.prepay('order_0002');
    expect(await post('/expire', { outTradeNo: 'order_0002' })).toMatchObject({ state: 'CLOSED' });
    for (const [path, body] of [
      ['', { outTradeNo: 'order_0002' }],
      ['', {}],
      ['/with', {}],
      ['/forge', { outTradeNo: 'order_0002', forgery: 'a-lie' }],
      ['/finish-refund', { outRefundNo: 'refund_1', status: 'LOST' }],
      ['/notify', { number: 'order_0002' }],
      ['/notify', { number: 'order_0009' }],
      ['/behaviour', { lost: -1 }],
      ['/behaviour', { forgeries: ['a-lie'] }],
      ['/rotate-certificate', { overlapMs: 'soon' }],
    ] as const) {
      expect(await post(path, body)).toMatchObject({ status: 400, error: { code: 'SIM_REQUEST_INVALID' } });
    }
  });
});
