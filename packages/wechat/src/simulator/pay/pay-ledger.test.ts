import { describe, expect, it } from 'vitest';
import { APP_ID, SECRET } from '../../with-simulator.fixture.ts';
import { createSimulator } from '../simulator.ts';
import { startMerchant } from './with-merchant.fixture.ts';

describe('the ledger', () => {
  it('remembers so many payments and refunds, and forgets those first that are over', async () => {
    await using shop = await startMerchant({ maxRecords: 4, behaviour: { refundAfterMs: 0 } });
    const kept = () => shop.pay.payments.map(({ outTradeNo }) => outTradeNo);
    for (const number of ['order_0001', 'order_0002', 'order_0003']) await shop.prepay(number);
    shop.pay.pay('order_0002');
    await shop.refund('order_0002', 'refund_1', 1);
    await shop.pay.quiet();
    await expect.poll(() => shop.pay.refund('refund_1')?.notice).toBe('acknowledged');
    await shop.prepay('order_0004');
    expect(kept()).toEqual(['order_0001', 'order_0003', 'order_0004']);
    expect(shop.pay.refunds).toEqual([]);
    for (const number of ['order_0005', 'order_0006']) await shop.prepay(number);
    expect(kept()).toEqual(['order_0003', 'order_0004', 'order_0005', 'order_0006']);
    expect((await shop.query('order_0001')).json.code).toBe('ORDER_NOT_EXIST');
  });

  it('finds nothing under a transaction number that was forgotten', async () => {
    await using shop = await startMerchant({ maxRecords: 1 });
    await shop.prepay('order_0001');
    const { transactionId } = shop.pay.pay('order_0001');
    await shop.pay.quiet();
    await shop.prepay('order_0002');
    const path = `/v3/pay/transactions/id/${transactionId}?mchid=1900000001`;
    expect((await shop.call(path)).status).toBe(404);
  });
});

describe('the keys of a merchant', () => {
  it('outlive a restart when they are kept', async () => {
    await using first = await startMerchant();
    const keys = JSON.parse(JSON.stringify(first.pay.keys()));
    await using second = await startMerchant({ keys });
    expect(second.credentials).toEqual(first.credentials);
    const answer = await second.call('/v3/certificates');
    expect(first.isSigned(answer.headers, answer.text)).toBe(true);
  });

  it('are refused when they cannot work', () => {
    const create = (merchant: object) => () => createSimulator({ appId: APP_ID, secret: SECRET, merchant });
    const keys = createSimulator({ appId: APP_ID, secret: SECRET }).pay.keys();
    expect(create({ keys: { ...keys, apiV3Key: 'short' } })).toThrow(/32/);
    expect(create({ keys: { ...keys, certificates: [] } })).toThrow(/certificate/);
    expect(create({ keys: { ...keys, merchantPrivateKeyPem: 'none' } })).toThrow();
    expect(create({ behaviour: { lost: 2 } })).toThrow(/lost/);
    expect(create({ behaviour: { lots: 1 } })).toThrow(/lots/);
    expect(create({ maxRecords: 0 })).toThrow(RangeError);
  });

  it('name the merchant that was asked for', () => {
    const { pay } = createSimulator({ appId: APP_ID, secret: SECRET, merchant: { mchId: '1234567890' } });
    expect(pay.credentials()).toMatchObject({
      mchId: '1234567890',
      serial: expect.stringMatching(/^[0-9A-F]{40}$/),
      apiV3Key: expect.stringMatching(/^.{32}$/),
      publicKeyId: expect.stringMatching(/^PUB_KEY_ID_01234567890/),
    });
  });
});
