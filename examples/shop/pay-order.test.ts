import { join } from 'node:path';
import type { Data, Messages, Payment, Refund, WechatServices } from 'maque';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../packages/server/testing/serve-app.ts';
import shop from './maque.config.ts';
import { orders } from './src/orders.ts';
import { cancelUnpaid, markPaid, markRefunded, payOrder } from './src/pay-order.ts';
import { placeOrder } from './src/place-order.ts';
import { products } from './src/products.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
let db: Data;
beforeAll(async () => {
  folder = await temporaryFolder();
  // The shop has its types from the built package, the server here from its sources.
  const app = shop as unknown as Parameters<typeof serveApp>[0];
  served = await serveApp(app, { path: join(folder.path, 'shop.sqlite') });
  db = served.records.data as unknown as Data;
});
afterAll(async () => {
  await served.close();
  await folder.remove();
});

const PRODUCT = 'p0007';
const messages: Messages = { send: async () => 'queued', accepted: async () => {} };
const log = { info() {}, warn() {}, error() {} };
const context = () => ({ db, messages, log });
const stock = async () => (await db.get(products, PRODUCT))?.stock;
const statusOf = async (orderId: string) => (await db.get(orders, orderId))?.status;

/** An order of two, and its payment. */
async function placed(): Promise<{ id: string; payment: Payment; refund: Refund }> {
  const { id, total_fen } = await placeOrder(db, 'u1', [{ productId: PRODUCT, quantity: 2 }]);
  const payment: Payment = {
    ...{ outTradeNo: `number-of-${id}`, reference: id, userId: 'u1', amountFen: total_fen },
    ...{ description: 'tea', status: 'paid', transactionId: '42', refundedFen: 0 },
    ...{ createdAt: '2026-05-01T04:00:00.000Z', paidAt: '2026-05-01T04:01:00.000Z' },
  };
  const refund: Refund = {
    ...{ outRefundNo: 'r', reference: 'all', payment, amountFen: total_fen, status: 'succeeded' },
    createdAt: payment.createdAt,
  };
  return { id, payment, refund };
}

it('an order that is paid after it was cancelled takes its goods again, and gives them back once', async () => {
  const before = (await stock()) ?? 0;
  const { id, payment, refund } = await placed();
  await cancelUnpaid(payment, db);
  expect([await statusOf(id), await stock()]).toEqual(['cancelled', before]);
  await markPaid(payment, context());
  expect([await statusOf(id), await stock()]).toEqual(['paid', before - 2]);
  await markRefunded(refund, db);
  await markRefunded(refund, db);
  expect([await statusOf(id), await stock()]).toEqual(['refunded', before]);
});

it('an order that was sent is not to be sent again when it is paid a second time', async () => {
  const { id, payment } = await placed();
  await markPaid(payment, context());
  await db.update(orders, id, { status: 'shipped' });
  const left = await stock();
  await markPaid({ ...payment, outTradeNo: 'an-older-number' }, context());
  expect([await statusOf(id), await stock()]).toEqual(['shipped', left]);
});

it('an order that runs out while its payment is opened cannot be paid', async () => {
  const { id, payment } = await placed();
  const closed: string[] = [];
  const payments = {
    async open() {
      await cancelUnpaid(payment, db);
      return { payment, parameters: {} };
    },
    async close(reference: string) {
      closed.push(reference);
    },
  };
  const wechat = { payments } as unknown as WechatServices;
  await expect(payOrder(db, wechat, 'u1', id)).rejects.toMatchObject({ code: 'ORDER_NOT_OPEN' });
  expect(closed).toEqual([id]);
});

it('a message that cannot be made does not undo the payment', async () => {
  const { id, payment } = await placed();
  const failing: Messages = { ...messages, send: () => Promise.reject(new Error('no such template')) };
  await markPaid(payment, { db, messages: failing, log });
  expect(await statusOf(id)).toBe('paid');
});

it('what was sent is not on the shelf again when its money goes back', async () => {
  const { id, payment, refund } = await placed();
  await markPaid(payment, context());
  await db.update(orders, id, { status: 'shipped' });
  const left = await stock();
  await markRefunded(refund, db);
  expect([await statusOf(id), await stock()]).toEqual(['refunded', left]);
});
