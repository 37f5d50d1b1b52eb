import { field, route } from 'maque';
import { orders } from './orders.ts';
import { payOrder, refreshOrder, refundOrder } from './pay-order.ts';
import { placeOrder } from './place-order.ts';
import { shipOrder } from './ship-order.ts';

/** What `wx.requestPayment` takes. */
const paymentParameters = {
  timeStamp: field.text({ maxLength: 20 }),
  nonceStr: field.text({ maxLength: 40 }),
  package: field.text({ maxLength: 128 }),
  signType: field.text({ maxLength: 8 }),
  paySign: field.text({ maxLength: 1_000 }),
};

const wish = field.object({
  productId: field.text({ maxLength: 40 }),
  quantity: field.int({ min: 1, max: 99 }),
});

export const orderRoutes = [
  route.post(
    '/orders',
    {
      auth: 'user',
      summary: 'Order products: takes them from stock and writes the order, or nothing of it',
      body: { items: field.list(wish, { minItems: 1, maxItems: 50 }) },
      answer: orders,
      status: 201,
    },
    ({ body, user, db }) => placeOrder(db, user.id, body.items),
  ),
  route.post(
    '/orders/:id/pay',
    {
      auth: 'user',
      summary: 'Open the payment of an order: answers what the mini-program passes to client.pay',
      answer: paymentParameters,
    },
    ({ params, user, db, wechat }) => payOrder(db, wechat, user.id, params.id),
  ),
  route.post(
    '/orders/:id/refresh',
    {
      auth: 'user',
      summary: 'Ask WeChat Pay about an order now, for a user who has just paid',
      answer: orders,
    },
    ({ params, user, db, wechat }) => refreshOrder(db, wechat, user.id, params.id),
  ),
  route.post(
    '/orders/:id/ship',
    {
      auth: 'admin',
      summary: 'Mark an order as shipped, and tell its buyer',
      body: { trackingNo: field.text({ maxLength: 32 }) },
      answer: orders,
    },
    ({ params, body, db, wechat }) => shipOrder(db, wechat, params.id, body.trackingNo),
  ),
  route.post(
    '/orders/:id/refund',
    { auth: 'admin', summary: 'Give the money of an order back' },
    ({ params, db, wechat }) => refundOrder(db, wechat, params.id),
  ),
];
