import { createManualClock, DAY, type ManualClock, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { createPayClient } from '../../pay/pay-client.ts';
import type { BillRow, PayNotification } from '../../pay/pay-types.ts';
import { APP_ID } from '../../with-simulator.fixture.ts';
import { OPENID, startMerchant } from './with-merchant.fixture.ts';

/** The product's own client at the simulator, and the notifications that it believed or refused. */
async function startShop(merchant: Parameters<typeof startMerchant>[0] = {}, withPublicKey = true) {
  const clock: ManualClock = createManualClock();
  const read: PayNotification[] = [];
  const refused: string[] = [];
  const shop = await startMerchant(
    { ...merchant, behaviour: { ladderScale: 0, ...merchant?.behaviour } },
    async (raw) => {
      try {
        read.push(await client.readNotification(raw));
        return 204;
      } catch (error) {
        refused.push((error as { code: string }).code);
        return 401;
      }
    },
    { clock },
  );
  const { credentials } = shop;
  const client = createPayClient({
    ...{ appId: APP_ID, mchId: credentials.mchId, merchantSerial: credentials.serial },
    ...{ merchantKey: credentials.privateKeyPem, apiV3Key: credentials.apiV3Key },
    publicKeys: withPublicKey ? { [credentials.publicKeyId]: credentials.publicKeyPem } : {},
    ...{ notifyUrl: shop.notifyUrl, baseUrl: shop.baseUrl, clock },
    sleep: async (ms) => clock.advance(ms),
  });
  const payOne = async (outTradeNo: string) => {
    const order = { outTradeNo, description: 'Tea', amountFen: 100, openid: OPENID, attach: 'a' };
    const { prepayId } = await client.prepay(order);
    return shop.pay.payWith(client.paymentParameters(prepayId));
  };
  return {
    ...shop,
    shop,
    clock,
    client,
    read,
    refused,
    payOne,
    [Symbol.asyncDispose]: shop[Symbol.asyncDispose],
  };
}

describe('the client and the simulator', () => {
  it('agree from the prepay to the bill', async () => {
    await using world = await startShop({ behaviour: { refundAfterMs: 0 } });
    const { client, pay } = world;
    const paid = await world.payOne('order_0001');
    await pay.quiet();
    expect(world.read).toMatchObject([
      { kind: 'transaction', transaction: { outTradeNo: 'order_0001', totalFen: 100 } },
    ]);
    expect(await client.query({ outTradeNo: 'order_0001' })).toMatchObject({
      tradeState: 'SUCCESS',
      transactionId: paid.transactionId,
      openid: OPENID,
      attach: 'a',
      successAtMs: paid.paidAtMs,
    });
    expect(await client.query({ transactionId: paid.transactionId ?? '' })).toMatchObject({ totalFen: 100 });
    expect(await client.query({ outTradeNo: 'order_0009' })).toBeUndefined();
    const refund = { outTradeNo: 'order_0001', outRefundNo: 'refund_1', refundFen: 40, totalFen: 100 };
    expect(await client.refund(refund)).toMatchObject({ status: 'PROCESSING', refundFen: 40 });
    await expect.poll(() => pay.refund('refund_1')?.notice).toBe('acknowledged');
    expect(world.read.at(-1)).toMatchObject({ kind: 'refund', refund: { status: 'SUCCESS', refundFen: 40 } });
    expect(await client.queryRefund('refund_1')).toMatchObject({ status: 'SUCCESS', totalFen: 100 });
    expect(await client.queryRefund('refund_9')).toBeUndefined();
    await client.prepay({ outTradeNo: 'order_0002', description: 'Tea', amountFen: 1, openid: OPENID });
    await client.close('order_0002');
    await client.close('order_0002');
    expect(pay.payment('order_0002')?.state).toBe('CLOSED');
    world.simulator.advance(2 * DAY);
    const rows: BillRow[] = [];
    for await (const row of client.tradeBill('2026-01-01')) rows.push(row);
    expect(rows).toMatchObject([
      { kind: 'payment', outTradeNo: 'order_0001', amountFen: 100, transactionId: paid.transactionId },
      { kind: 'refund', outRefundNo: 'refund_1', refundFen: 40 },
    ]);
    expect(world.refused).toEqual([]);
  });

  it('agree with certificates alone, and while one takes over from another', async () => {
    await using world = await startShop({ behaviour: { certificateShare: 1 } }, false);
    await world.payOne('order_0001');
    await world.pay.quiet();
    world.pay.rotateCertificate();
    // The client asks for certificates once a minute at most.
    world.clock.advance(MINUTE);
    await world.payOne('order_0002');
    await world.pay.quiet();
    expect(world.read).toHaveLength(2);
    expect(world.pay.counts).toMatchObject({ acknowledged: 2 });
  });

  it('agree in a switch from certificates to the public key', async () => {
    await using world = await startShop({ behaviour: { certificateShare: 0.5 } });
    for (let count = 0; count < 12; count += 1) await world.payOne(`order_${1000 + count}`);
    await world.pay.quiet();
    expect(world.read).toHaveLength(12);
    expect(world.refused).toEqual([]);
  });

  it('agree on which notifications are forged, and on nothing else being so', async () => {
    await using world = await startShop({ behaviour: { lost: 0.3, repeated: 0.3, delayMs: 0, forged: 1 } });
    for (let count = 0; count < 30; count += 1) await world.payOne(`order_${1000 + count}`);
    await world.pay.quiet();
    const { forged, forgedAcknowledged, sent, repeated, acknowledged } = world.pay.counts;
    expect({ forged, forgedAcknowledged, acknowledged }).toEqual({
      forged: 60,
      forgedAcknowledged: 0,
      acknowledged: 30,
    });
    expect(world.refused).toHaveLength(60);
    expect(world.read).toHaveLength(sent + repeated);
    const paid = new Set(world.read.map((one) => one.kind === 'transaction' && one.transaction.outTradeNo));
    expect(paid.size).toBe(30);
  });
});
