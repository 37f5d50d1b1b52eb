import { DAY, HOUR, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { createPayClient } from '../pay/index.ts';
import { startAnswers } from '../with-answers.fixture.ts';
import { APP_ID, failureOf, startSimulator } from '../with-simulator.fixture.ts';
import type { Shipment } from './shipping-types.ts';
import { maskPhone } from './upload-shipment.ts';

const UPLOAD = '/wxa/sec/order/upload_shipping_info';
const LIST = '/wxa/sec/order/get_order_list';
const OK = { errcode: 0, errmsg: 'ok' };

const parcel = { description: 'Tea *1', companyId: 'STO', trackingNo: '7700001' };
const shipment: Shipment = {
  order: { transactionId: '4200000001' },
  openid: 'oUser',
  way: 'express',
  parcels: [parcel],
};

describe('a shipment', () => {
  it('is uploaded in the words of WeChat, by the time in China', async () => {
    await using wechat = await startAnswers({ [UPLOAD]: [OK] });
    const parcels = [{ ...parcel, companyId: 'SF', receiverPhone: '18912341234' }];
    await wechat.client().shipping.upload({
      ...shipment,
      parcels,
      uploadedAtMs: Date.UTC(2022, 11, 15, 5, 29, 35, 120),
    });
    expect(wechat.seen[0]?.body).toEqual({
      order_key: { order_number_type: 2, transaction_id: '4200000001' },
      logistics_type: 1,
      delivery_mode: 1,
      shipping_list: [
        {
          item_desc: 'Tea *1',
          tracking_no: '7700001',
          express_company: 'SF',
          contact: { receiver_contact: '189****1234' },
        },
      ],
      upload_time: '2022-12-15T13:29:35.120+08:00',
      payer: { openid: 'oUser' },
    });
  });

  it('may come in several parcels, or need none, and be of an order by our own number', async () => {
    await using wechat = await startAnswers({ [UPLOAD]: [OK] });
    const { shipping } = wechat.client();
    const order = { mchId: '1900000001', outTradeNo: 'order_0001' };
    await shipping.upload({ ...shipment, order, parcels: [parcel, parcel], split: { complete: false } });
    await shipping.upload({ ...shipment, order, way: 'virtual', parcels: [{ description: 'A song' }] });
    expect(wechat.seen.map(({ body }) => body)).toMatchObject([
      {
        order_key: { order_number_type: 1, mchid: '1900000001', out_trade_no: 'order_0001' },
        delivery_mode: 2,
        is_all_delivered: false,
        upload_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/),
      },
      { logistics_type: 3, delivery_mode: 1, shipping_list: [{ item_desc: 'A song' }] },
    ]);
    expect(wechat.seen[1]?.body).not.toHaveProperty('is_all_delivered');
  });

  it.each<[string, Partial<Shipment>, string[]]>([
    ['no order', { order: { transactionId: '' } }, ['order.transactionId']],
    ['half an order', { order: { mchId: '19', outTradeNo: '' } }, ['order.outTradeNo']],
    ['no payer', { openid: '' }, ['openid']],
    ['no parcel', { parcels: [] }, ['parcels']],
    ['two parcels at once', { parcels: [parcel, parcel] }, ['parcels']],
    ['sixteen parcels', { parcels: Array(16).fill(parcel), split: { complete: true } }, ['parcels']],
    ['parts that nobody carries', { way: 'pickup', split: { complete: true } }, ['split']],
    ['no description', { parcels: [{ ...parcel, description: '' }] }, ['parcels.0.description']],
    [
      'too long a description',
      { parcels: [{ ...parcel, description: '茶'.repeat(121) }] },
      ['parcels.0.description'],
    ],
    ['no carrier', { parcels: [{ description: 'Tea' }] }, ['parcels.0.companyId', 'parcels.0.trackingNo']],
    [
      'too long a number',
      { parcels: [{ ...parcel, trackingNo: '7'.repeat(129) }] },
      ['parcels.0.trackingNo'],
    ],
    ['SF without a phone', { parcels: [{ ...parcel, companyId: 'SF' }] }, ['parcels.0.consignorPhone']],
    ['several faults', { openid: '', parcels: [] }, ['openid', 'parcels']],
  ])('with %s is not sent, and each fault is told', async (_, wrong, paths) => {
    await using wechat = await startAnswers({});
    const error = await failureOf(wechat.client().shipping.upload({ ...shipment, ...wrong }));
    expect(error.code).toBe('WECHAT_CALL_INVALID');
    expect(error.details.map(({ path }) => path)).toEqual(paths);
    expect(wechat.seen).toEqual([]);
  });

  it.each([
    [10060001, 'WECHAT_NOT_FOUND', 404],
    [10060002, 'WECHAT_ORDER_STATE', 409],
    [10060003, 'WECHAT_ORDER_STATE', 409],
    [10060012, 'WECHAT_BUSY', 503],
    [10060023, 'WECHAT_ORDER_STATE', 409],
    [10060031, 'WECHAT_CALL_INVALID', 500],
    [268485216, 'WECHAT_CALL_INVALID', 500],
  ])('fails with errcode %i as %s', async (errcode, code, status) => {
    await using wechat = await startAnswers({ [UPLOAD]: [{ errcode }] });
    expect(await failureOf(wechat.client().shipping.upload(shipment))).toMatchObject({ code, status });
    expect(wechat.seen).toHaveLength(1);
  });

  it('shows of phone numbers the last digits', () => {
    expect(maskPhone('13912341234')).toBe('139****1234');
    expect(maskPhone('+8613912341234')).toBe('+86139****1234');
    expect(maskPhone('10086')).toBe('****0086');
    expect(maskPhone('021-**34-12')).toBe('021-**34-12');
  });
});

describe('a list of orders', () => {
  const order = (number: number) => ({ transaction_id: `4200${number}`, order_state: 1, shipping: {} });

  it('goes on page after page, and asks only for what is wanted', async () => {
    await using wechat = await startAnswers({
      [LIST]: [
        { ...OK, order_list: [order(1), order(2)], has_more: true, last_index: 'a' },
        { ...OK, order_list: [order(3)], has_more: true, last_index: 'b' },
        { ...OK, order_list: [], has_more: false },
      ],
    });
    const { shipping } = wechat.client();
    const query = {
      paidFromMs: 1_670_563_531_900,
      paidToMs: 1_670_563_600_000,
      state: 'to-ship',
      openid: 'o',
    } as const;
    const found = await collect(shipping.orders(query));
    expect(found.map(({ transactionId, state }) => [transactionId, state])).toEqual([
      ['42001', 'to-ship'],
      ['42002', 'to-ship'],
      ['42003', 'to-ship'],
    ]);
    const filter = {
      pay_time_range: { begin_time: 1_670_563_531, end_time: 1_670_563_600 },
      order_state: 1,
      openid: 'o',
      page_size: 100,
    };
    expect(wechat.seen.map(({ body }) => body)).toEqual([
      filter,
      { ...filter, last_index: 'a' },
      { ...filter, last_index: 'b' },
    ]);
  });

  it('that is left early asks for no more', async () => {
    await using wechat = await startAnswers({
      [LIST]: [{ ...OK, order_list: [order(1)], has_more: true, last_index: 'a' }],
    });
    for await (const _ of wechat.client().shipping.orders()) break;
    expect(wechat.seen).toMatchObject([{ body: { page_size: 100 } }]);
  });

  it('that never goes on is left, not followed for ever', async () => {
    await using wechat = await startAnswers({
      [LIST]: [{ ...OK, order_list: [order(1)], has_more: true, last_index: 'a' }],
    });
    const error = await failureOf(collect(wechat.client().shipping.orders()));
    expect(error).toMatchObject({ code: 'WECHAT_ANSWER_UNREADABLE' });
    expect(wechat.seen).toHaveLength(2);
  });
});

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** A shop at the simulator in which an order has been paid. */
async function startShop() {
  const sim = await startSimulator();
  const client = sim.createClient();
  const { openid } = await client.code2Session('demo-1');
  const keys = sim.simulator.pay.credentials();
  const pay = createPayClient({
    appId: APP_ID,
    mchId: keys.mchId,
    merchantSerial: keys.serial,
    merchantKey: keys.privateKeyPem,
    apiV3Key: keys.apiV3Key,
    publicKeys: { [keys.publicKeyId]: keys.publicKeyPem },
    notifyUrl: 'http://127.0.0.1:9/nobody-listens',
    baseUrl: sim.baseUrl,
    clock: sim.clock,
  });
  const expiresAtMs = sim.clock.now() + HOUR;
  await pay.prepay({ outTradeNo: 'order_0001', description: 'Tea', amountFen: 990, openid, expiresAtMs });
  sim.simulator.pay.pay('order_0001');
  return { sim, shipping: client.shipping, openid, order: { mchId: keys.mchId, outTradeNo: 'order_0001' } };
}

describe('at the simulator', () => {
  it('an order is shipped, corrected once and received', async () => {
    const { sim, shipping, openid, order } = await startShop();
    await using _ = sim;
    expect(await shipping.isManaged()).toBe(true);
    expect(await shipping.deliveryCompanies()).toContainEqual({ id: 'STO', name: '申通快递' });
    const paid = await shipping.order(order);
    expect(paid).toMatchObject({
      outTradeNo: 'order_0001',
      openid,
      paidFen: 990,
      state: 'to-ship',
      shipping: null,
    });
    expect(await collect(shipping.orders({ state: 'to-ship' }))).toEqual([paid]);

    const byNumber = { ...shipment, order: { transactionId: paid.transactionId }, openid };
    await shipping.upload(byNumber);
    expect(await shipping.order(order)).toMatchObject({
      state: 'shipped',
      shipping: {
        way: 'express',
        split: false,
        complete: true,
        completions: 1,
        parcels: [{ companyId: 'STO' }],
      },
    });

    sim.clock.advance(10 * SECOND);
    await shipping.upload({ ...byNumber, parcels: [{ ...parcel, trackingNo: '7700002' }] });
    sim.clock.advance(10 * SECOND);
    const third = { ...byNumber, parcels: [{ ...parcel, trackingNo: '7700003' }] };
    expect(await failureOf(shipping.upload(third))).toMatchObject({ code: 'WECHAT_ORDER_STATE' });
    expect((await shipping.order(order)).shipping).toMatchObject({ completions: 2 });

    await shipping.remindReceipt(order, sim.clock.now() + SECOND);
    expect(await failureOf(shipping.remindReceipt(order, sim.clock.now() + SECOND))).toMatchObject({
      code: 'WECHAT_ORDER_STATE',
    });
    await shipping.setMessagePath('pages/order/detail');
  });

  it('nobody ships the order of another, or one that does not exist', async () => {
    const { sim, shipping, order } = await startShop();
    await using _ = sim;
    expect(await failureOf(shipping.upload({ ...shipment, order }))).toMatchObject({ errcode: 10060031 });
    expect(await failureOf(shipping.upload(shipment))).toMatchObject({
      code: 'WECHAT_NOT_FOUND',
      retryAfterSeconds: 60,
    });
  });

  it('an order is declared to be shipped later, or never', async () => {
    const { sim, shipping } = await startShop();
    await using _ = sim;
    const orderNumber = 'order_0001';
    const shipsAtMs = sim.clock.now() + 20 * DAY;
    await shipping.declareSpecial({ kind: 'presale', orderNumber, shipsAtMs });
    await shipping.declareSpecial({ kind: 'trial', orderNumber });
    const tooSoon = { kind: 'presale', orderNumber, shipsAtMs: sim.clock.now() + DAY } as const;
    expect(await failureOf(shipping.declareSpecial(tooSoon))).toMatchObject({ errcode: 268546001 });
    const unknown = { kind: 'trial', orderNumber: 'nobody' } as const;
    expect(await failureOf(shipping.declareSpecial(unknown))).toMatchObject({ code: 'WECHAT_NOT_FOUND' });
  });
});
