import { DAY } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { FORGERIES } from '../simulator/pay/pay-behaviour.ts';
import { OPENID, type Received, startMerchant } from '../simulator/pay/with-merchant.fixture.ts';
import { APP_ID } from '../with-simulator.fixture.ts';
import type { WechatPayError } from './errors/wechat-pay-error.ts';
import { createPayClient } from './pay-client.ts';
import { collect, payFailureOf } from './with-pay-server.fixture.ts';

/** A client of the simulated WeChat Pay, with keys of either kind, and what that tells. */
async function start(withPublicKey: boolean, behaviour: Parameters<typeof startMerchant>[0] = {}) {
  const merchant = await startMerchant(behaviour);
  const { credentials, baseUrl, clock, notifyUrl } = merchant;
  const alerts: WechatPayError[] = [];
  const client = createPayClient({
    appId: APP_ID,
    mchId: credentials.mchId,
    merchantSerial: credentials.serial,
    merchantKey: credentials.privateKeyPem,
    apiV3Key: credentials.apiV3Key,
    publicKeys: withPublicKey ? { [credentials.publicKeyId]: credentials.publicKeyPem } : {},
    notifyUrl,
    baseUrl,
    clock,
    sleep: async () => undefined,
    onAlert: (error) => alerts.push(error),
  });
  const nextNotification = async (count: number): Promise<Received> => {
    await expect.poll(() => merchant.received.length).toBeGreaterThanOrEqual(count);
    const received = merchant.received[count - 1];
    return received ?? expect.fail('there is none');
  };
  return { ...merchant, client, alerts, nextNotification };
}

const order = { description: 'A cup of tea', amountFen: 100, openid: OPENID };

describe.each([
  ['the public key', true, 0],
  ['certificates', false, 1],
  ['both while a merchant changes over', true, 0.5],
])('with the simulated WeChat Pay, verifying with %s,', (_, withPublicKey, certificateShare) => {
  it('a payment goes from prepay to refund and into the bill', async () => {
    await using sim = await start(withPublicKey, { behaviour: { certificateShare, refundAfterMs: null } });
    const { client } = sim;
    const { prepayId } = await client.prepay({ ...order, outTradeNo: 'order_1', attach: 'cart=7' });
    await client.prepay({ ...order, outTradeNo: 'order_1', attach: 'cart=7' });
    expect(await client.query({ outTradeNo: 'order_1' })).toMatchObject({ tradeState: 'NOTPAY' });
    sim.pay.payWith(client.paymentParameters(prepayId));
    const notification = await client.readNotification(await sim.nextNotification(1));
    const queried = await client.query({ outTradeNo: 'order_1' });
    expect(queried).toMatchObject({ tradeState: 'SUCCESS', totalFen: 100, attach: 'cart=7', openid: OPENID });
    expect(notification).toMatchObject({ kind: 'transaction', transaction: queried });
    expect(await client.query({ transactionId: queried?.transactionId ?? '' })).toEqual(queried);

    const refund = { outTradeNo: 'order_1', outRefundNo: 'refund_1', refundFen: 30, totalFen: 100 };
    expect(await client.refund(refund)).toMatchObject({ status: 'PROCESSING', refundFen: 30 });
    expect(await client.refund(refund)).toMatchObject({ status: 'PROCESSING', refundFen: 30 });
    sim.pay.finishRefund('refund_1', 'SUCCESS');
    expect(await client.readNotification(await sim.nextNotification(2))).toMatchObject({
      kind: 'refund',
      refund: { outRefundNo: 'refund_1', status: 'SUCCESS', refundFen: 30, totalFen: 100 },
    });
    expect(await client.queryRefund('refund_1')).toMatchObject({ status: 'SUCCESS' });

    const date = new Date(sim.clock.now() + DAY / 3).toISOString().slice(0, 10);
    sim.clock.advance(2 * DAY);
    expect(await collect(client.tradeBill(date))).toMatchObject([
      { kind: 'payment', outTradeNo: 'order_1', amountFen: 100, transactionId: queried?.transactionId },
      { kind: 'refund', outTradeNo: 'order_1', outRefundNo: 'refund_1', refundFen: 30 },
    ]);
    expect(sim.alerts).toEqual([]);
  });
});

describe('with the simulated WeChat Pay', () => {
  it('what it refuses is told as it means it', async () => {
    await using sim = await start(true);
    const { client } = sim;
    const codeOf = async (call: Promise<unknown>) => (await payFailureOf(call)).code;
    expect(await client.query({ outTradeNo: 'order_0' })).toBeUndefined();
    expect(await client.queryRefund('refund_0')).toBeUndefined();
    await client.prepay({ ...order, outTradeNo: 'order_1' });
    expect(await codeOf(client.prepay({ ...order, outTradeNo: 'order_1', amountFen: 99 }))).toBe(
      'WECHAT_PAY_NUMBER_TAKEN',
    );
    await client.close('order_1');
    await client.close('order_1');
    expect(await client.query({ outTradeNo: 'order_1' })).toMatchObject({ tradeState: 'CLOSED' });
    await client.prepay({ ...order, outTradeNo: 'order_2' });
    sim.pay.pay('order_2');
    expect(await codeOf(client.close('order_2'))).toBe('WECHAT_PAY_ALREADY_PAID');
    expect(await codeOf(collect(client.tradeBill('2025-11-11')))).toBe('WECHAT_PAY_BILL_NOT_THERE');
  });

  it.each(FORGERIES.filter((forgery) => forgery !== 'wrong-amount'))(
    'a forgery (%s) is refused',
    async (forgery) => {
      await using sim = await start(true);
      await sim.client.prepay({ ...order, outTradeNo: 'order_1' });
      sim.pay.forge('order_1', forgery);
      const error = await payFailureOf(sim.client.readNotification(await sim.nextNotification(1)));
      expect(error.code).toBe('WECHAT_PAY_NOTIFICATION_REFUSED');
      expect(sim.alerts).toEqual([error]);
    },
  );

  it('a certificate may be changed in the middle', async () => {
    await using sim = await start(false, { behaviour: { certificateShare: 1 } });
    await sim.client.prepay({ ...order, outTradeNo: 'order_1' });
    sim.clock.advance(60_000);
    sim.pay.rotateCertificate();
    sim.pay.pay('order_1');
    expect(await sim.client.readNotification(await sim.nextNotification(1))).toMatchObject({
      transaction: { outTradeNo: 'order_1' },
    });
    expect(sim.alerts).toEqual([]);
  });
});
