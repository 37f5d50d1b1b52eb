import { DAY, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { createWechatClient } from '../../client.ts';
import { APP_ID, SECRET } from '../../with-simulator.fixture.ts';
import { OPENID, startMerchant } from '../pay/with-merchant.fixture.ts';
import { startReceiver } from '../pusher/with-receiver.fixture.ts';
import type { SimulatorOptions } from '../simulator.ts';

const UPLOAD = '/wxa/sec/order/upload_shipping_info';
const PARCEL = { item_desc: '保温杯', tracking_no: '78123', express_company: 'ZTO' };

/** A merchant with one paid order, and calls that the client would not make. */
async function startShop(options: Partial<SimulatorOptions> = {}) {
  const merchant = await startMerchant({}, undefined, options);
  const { clock, baseUrl, simulator } = merchant;
  const client = createWechatClient({ appId: APP_ID, secret: SECRET, baseUrl, clock });
  const paid = async (outTradeNo: string) => {
    await merchant.prepay(outTradeNo);
    return simulator.pay.pay(outTradeNo);
  };
  await paid('order-1');
  const token = await client.accessToken();
  const post = async (path: string, body: unknown) => {
    const request = { method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(`${baseUrl}${path}?access_token=${token}`, request)).json()) as Record<
      string,
      unknown
    >;
  };
  const key = { order_number_type: 1, mchid: '1900000001', out_trade_no: 'order-1' };
  return {
    ...merchant,
    client,
    post,
    paid,
    key,
    upload: async (changes: Record<string, unknown> = {}) => {
      clock.advance(1_000);
      const time = new Date(clock.now()).toISOString();
      const usual = {
        order_key: key,
        logistics_type: 1,
        delivery_mode: 1,
        shipping_list: [PARCEL],
        upload_time: time,
      };
      return (await post(UPLOAD, { ...usual, payer: { openid: OPENID }, ...changes })).errcode;
    },
    state: async () => (await client.shipping.order({ mchId: '1900000001', outTradeNo: 'order-1' })).state,
    [Symbol.asyncDispose]: () => merchant[Symbol.asyncDispose](),
  };
}

describe('an order', () => {
  it('is paid, shipped, received by the user and finished', async () => {
    await using shop = await startShop();
    expect(await shop.state()).toBe('to-ship');
    expect(await shop.upload()).toBe(0);
    expect(await shop.state()).toBe('shipped');
    await shop.simulator.confirmReceipt('order-1');
    expect(await shop.state()).toBe('received');
    shop.clock.advance(1 * MINUTE);
    expect(await shop.state()).toBe('finished');
    expect(await shop.upload()).toBe(10060004);
    await expect(shop.simulator.confirmReceipt('order-1')).rejects.toThrow('not on its way');
    await expect(shop.simulator.confirmReceipt('order-9')).rejects.toThrow('nobody has paid');
  });

  it.each([
    [1, 10],
    [3, 2],
  ])('of the way %i counts as received after %i days', async (way, days) => {
    await using shop = await startShop();
    await shop.upload({ logistics_type: way });
    shop.simulator.advance(days * DAY - 1);
    expect(await shop.state()).toBe('shipped');
    shop.simulator.advance(1);
    expect(await shop.state()).toBe('received');
  });

  it('can be corrected once', async () => {
    await using shop = await startShop();
    await shop.upload();
    expect(await shop.upload()).toBe(10060023);
    expect(await shop.upload({ shipping_list: [{ ...PARCEL, tracking_no: '78124' }] })).toBe(0);
    expect(await shop.upload({ shipping_list: [{ ...PARCEL, tracking_no: '78125' }] })).toBe(10060003);
    const { shipping } = await shop.client.shipping.order({ mchId: '1900000001', outTradeNo: 'order-1' });
    expect(JSON.stringify(shipping)).toContain('78124');
  });

  it('may come in parcels, and is shipped with the last one', async () => {
    await using shop = await startShop();
    const split = { delivery_mode: 2, is_all_delivered: false };
    expect(await shop.upload(split)).toBe(0);
    expect(await shop.state()).toBe('to-ship');
    expect(
      await shop.upload({
        ...split,
        is_all_delivered: true,
        shipping_list: [{ ...PARCEL, tracking_no: '2' }],
      }),
    ).toBe(0);
    expect(await shop.state()).toBe('shipped');
    const { shipping } = await shop.client.shipping.order({ mchId: '1900000001', outTradeNo: 'order-1' });
    expect(JSON.stringify(shipping)).toContain('78123');
  });

  it('of which all was given back cannot be shipped', async () => {
    await using shop = await startShop();
    await shop.refund('order-1', 'refund-1', 100);
    expect(await shop.state()).toBe('refunded');
    expect(await shop.upload()).toBe(10060004);
  });

  it.each([
    [{ order_key: { order_number_type: 3 } }, 268485194],
    [{ order_key: { order_number_type: 2 } }, 268485195],
    [{ order_key: { order_number_type: 1, out_trade_no: 'order-1' } }, 268485196],
    [{ order_key: { order_number_type: 1, mchid: '1900000001' } }, 268485197],
    [{ order_key: { order_number_type: 2, transaction_id: 'none' } }, 10060001],
    [{ logistics_type: 5 }, 10060005],
    [{ delivery_mode: 3 }, 268485224],
    [{ delivery_mode: 2, logistics_type: 3, is_all_delivered: true }, 10060006],
    [{ delivery_mode: 2 }, 10060007],
    [{ shipping_list: [] }, 268485228],
    [{ shipping_list: [{ ...PARCEL, item_desc: '' }] }, 10060008],
    [{ shipping_list: [{ ...PARCEL, item_desc: 'x'.repeat(121) }] }, 10060009],
    [{ shipping_list: [{ ...PARCEL, tracking_no: '' }] }, 268485226],
    [{ shipping_list: [{ ...PARCEL, express_company: '' }] }, 268485227],
    [{ shipping_list: [{ ...PARCEL, express_company: 'NOBODY' }] }, 10060014],
    [{ shipping_list: [{ ...PARCEL, express_company: 'SF' }] }, 10060014],
    [
      { shipping_list: [{ ...PARCEL, express_company: 'SF', contact: { receiver_contact: '18912341234' } }] },
      10060014,
    ],
    [
      { shipping_list: [{ ...PARCEL, express_company: 'SF', contact: { receiver_contact: '189****1234' } }] },
      0,
    ],
    [{ delivery_mode: 2, is_all_delivered: true, shipping_list: Array(16).fill(PARCEL) }, 10060024],
    [{ upload_time: '2026-01-01 00:00:00' }, 268485216],
    [{ payer: { openid: 'o1' } }, 10060031],
    [{ payer: undefined }, 10060031],
  ])('told of with %j gets %i', async (changes, errcode) => {
    await using shop = await startShop();
    expect(await shop.upload(changes)).toBe(errcode);
  });

  it('can be told to be a presale or a test while it waits to be shipped', async () => {
    await using shop = await startShop();
    const special = async (body: Record<string, unknown>) =>
      (await shop.post('/wxa/sec/order/opspecialorder', { order_id: 'order-1', ...body })).errcode;
    const inDays = (days: number) => Math.floor((shop.clock.now() + days * DAY) / 1_000);
    expect(await special({ type: 3 })).toBe(268546000);
    expect(await special({ type: 1, delay_to: inDays(10) })).toBe(268546001);
    expect(await special({ type: 1, delay_to: inDays(20) })).toBe(0);
    expect(await special({ type: 2, order_id: 'none' })).toBe(268546002);
    await shop.upload();
    expect(await special({ type: 2 })).toBe(268546002);
  });

  it('may be reminded of once, after it was sent by express', async () => {
    await using shop = await startShop();
    const remind = async (seconds = Math.floor(shop.clock.now() / 1_000)) =>
      (
        await shop.post('/wxa/sec/order/notify_confirm_receive', {
          ...{ merchant_id: '1900000001', merchant_trade_no: 'order-1' },
          received_time: seconds,
        })
      ).errcode;
    expect(await remind()).toBe(10060028);
    await shop.upload();
    expect(await remind(1)).toBe(10060029);
    expect([await remind(), await remind()]).toEqual([0, 10060030]);
  });
});

describe('a list of orders', () => {
  it('comes in pages, and by state, time and user', async () => {
    await using shop = await startShop();
    for (let number = 2; number <= 5; number += 1) {
      shop.clock.advance(60_000);
      await shop.paid(`order-${number}`);
    }
    await shop.upload();
    const list = async (body: Record<string, unknown>) => {
      const answer = await shop.post('/wxa/sec/order/get_order_list', body);
      const orders = (answer.order_list ?? []) as { merchant_trade_no: string }[];
      return { ...answer, numbers: orders.map((order) => order.merchant_trade_no) } as Record<
        string,
        unknown
      >;
    };
    const first = await list({ page_size: 3 });
    expect(first).toMatchObject({ has_more: true, numbers: ['order-1', 'order-2', 'order-3'] });
    const second = await list({ page_size: 3, last_index: first.last_index });
    expect(second).toMatchObject({ has_more: false, numbers: ['order-4', 'order-5'] });
    expect(await list({ order_state: 2 })).toMatchObject({ numbers: ['order-1'] });
    expect(await list({ openid: 'o1' })).toMatchObject({ numbers: [] });
    const since = Math.floor((shop.clock.now() - 90_000) / 1_000);
    expect(await list({ pay_time_range: { begin_time: since } })).toMatchObject({
      numbers: ['order-4', 'order-5'],
    });
    expect((await list({ last_index: 'none' })).errcode).toBe(10060011);
    expect((await list({ page_size: 101 })).errcode).toBe(10060014);
    const all: string[] = [];
    for await (const order of shop.client.shipping.orders()) all.push(order.outTradeNo);
    expect(all).toHaveLength(5);
  });
});

describe('what else there is', () => {
  it('answers as WeChat does', async () => {
    await using shop = await startShop();
    expect(await shop.client.shipping.isManaged()).toBe(true);
    expect(await shop.client.shipping.deliveryCompanies()).toContainEqual({ id: 'SF', name: '顺丰速运' });
    expect((await shop.post('/wxa/sec/order/set_msg_jump_path', { path: 'pages/order' })).errcode).toBe(0);
    const confirmed = await shop.post('/wxa/sec/order/is_trade_management_confirmation_completed', {
      appid: APP_ID,
    });
    expect(confirmed).toMatchObject({ completed: true });
    expect((await shop.post('/wxa/sec/order/is_trade_managed', { appid: 'x' })).errcode).toBe(40013);
  });

  it('is told by push: the money to come, the money that came, and a reminder', async () => {
    await using receiver = await startReceiver();
    await using shop = await startShop({ clock: receiver.clock, pushTarget: receiver.target });
    const pushed = receiver.next();
    shop.clock.advance(receiver.clock.now() - shop.clock.now());
    const shippedAtMs = receiver.clock.now();
    const settledAfter = (days: number) => Math.floor((shippedAtMs + days * DAY) / 1_000);
    await shop.upload({ upload_time: new Date(shippedAtMs).toISOString() });
    expect(await pushed).toMatchObject({
      event: 'trade_manage_order_settlement',
      fields: { merchant_trade_no: 'order-1', estimated_settlement_time: settledAfter(10) },
    });
    const later = new Date(shippedAtMs + 1_000).toISOString();
    expect(await shop.upload({ logistics_type: 3, upload_time: later })).toBe(0);
    expect((await receiver.next()).fields).toMatchObject({ estimated_settlement_time: settledAfter(2) });
    await shop.simulator.remindShipping('order-1');
    await shop.simulator.confirmReceipt('order-1');
    expect((await receiver.next()).event).toBe('trade_manage_remind_shipping');
    expect((await receiver.next()).fields).toMatchObject({ confirm_receive_method: 1 });
  });
});
