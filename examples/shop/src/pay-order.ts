import type { Data, DataAccess, Payment, PaymentContext, RecordOf, Refund, WechatServices } from 'maque';
import { orderErrors } from './order-errors.ts';
import { paidMessage } from './order-messages.ts';
import { orders } from './orders.ts';
import { products } from './products.ts';

type Order = RecordOf<typeof orders>;

/**
 * Opens the payment of an order; answers what the mini-program passes to `client.pay`.
 * @throws CodedError ORDER_UNKNOWN, ORDER_NOT_OPEN, or those of `payments.open`.
 */
export async function payOrder(db: Data, wechat: WechatServices, userId: string, orderId: string) {
  const order = await ownOrder(db, userId, orderId);
  if (order.status !== 'placed') throw orderErrors.ORDER_NOT_OPEN({ data: { status: order.status } });
  const parameters = await openPayment(wechat, userId, order);
  // An earlier payment may have run out meanwhile, and the order with it.
  const { status } = await ownOrder(db, userId, orderId);
  if (status === 'placed') return parameters;
  await wechat.payments.close(orderId);
  throw orderErrors.ORDER_NOT_OPEN({ data: { status } });
}

async function openPayment({ payments }: WechatServices, userId: string, order: Order) {
  const { parameters } = await payments.open({
    reference: order.id,
    userId,
    amountFen: order.total_fen,
    description: `${order.items[0]?.name ?? ''}${order.items.length > 1 ? ` 等 ${order.items.length} 件` : ''}`,
  });
  return parameters;
}

/** The order as WeChat Pay knows it by now: for a user who has just paid and looks. */
export async function refreshOrder(db: Data, { payments }: WechatServices, userId: string, orderId: string) {
  const order = await ownOrder(db, userId, orderId);
  if (order.status !== 'placed') return order;
  await payments.refresh(order.id);
  return ownOrder(db, userId, orderId);
}

/** Gives the money of an order back, all of it; the order changes when WeChat Pay says that it is done. */
export async function refundOrder(db: Data, { payments }: WechatServices, orderId: string) {
  const order = await db.get(orders, orderId);
  if (order === undefined) throw orderErrors.ORDER_UNKNOWN({ data: { orderId } });
  if (order.status !== 'paid' && order.status !== 'shipped' && order.status !== 'refunding') {
    throw orderErrors.ORDER_NOT_OPEN({ data: { status: order.status } });
  }
  const refund = await payments.refund({ reference: order.id, refund: 'all', amountFen: order.total_fen });
  if (refund.status === 'failed') throw orderErrors.REFUND_FAILED();
  // What goes back is not sent any more. What was sent is not on the shelf again before it comes.
  if (order.status === 'paid') await markRefunding(db, orderId);
}

/** Unless it was refunded already: WeChat Pay may be quicker than we are. */
function markRefunding(db: Data, orderId: string): Promise<void> {
  return db.transaction(async (tx) => {
    const order = await tx.get(orders, orderId);
    if (order?.status === 'paid') await tx.update(orders, orderId, { status: 'refunding' });
  });
}

/** In the payment's own transaction: the order is paid, and the message goes out, exactly if the payment is booked. */
export async function markPaid(payment: Payment, { db, messages, log }: PaymentContext): Promise<void> {
  const order = await db.get(orders, payment.reference);
  // Paid after all: what went back on the shelf is taken again, as far as it is there.
  if (order?.status === 'cancelled') {
    for (const { productId, quantity } of order.items) {
      await db.increment(products, productId, { stock: -quantity });
    }
  }
  // A second payment of an order that is paid, by a number that was closed, must not have it sent a second time.
  if (order?.status === 'placed' || order?.status === 'cancelled') {
    await db.update(orders, order.id, { status: 'paid' });
  }
  // Money counts, with or without a message.
  await messages.send(paidMessage(payment)).catch((error: unknown) => {
    log.warn({ err: error, order: payment.reference }, 'the buyer is not told of the payment');
  });
}

/** Nobody paid in time: what the order had taken goes back on the shelf. */
export async function cancelUnpaid({ reference }: Payment, db: DataAccess): Promise<void> {
  const order = await db.get(orders, reference);
  if (order?.status === 'placed') await endOrder(db, order, 'cancelled');
}

export async function markRefunded({ payment, status }: Refund, db: DataAccess): Promise<void> {
  const order = await db.get(orders, payment.reference);
  // Once: a payment that came twice is given back twice.
  if (order === undefined || order.status === 'refunded' || status !== 'succeeded') return;
  if (order.status === 'shipped') await db.update(orders, order.id, { status: 'refunded' });
  else await endOrder(db, order, 'refunded');
}

async function endOrder(db: DataAccess, order: Order, status: 'cancelled' | 'refunded'): Promise<void> {
  for (const { productId, quantity } of order.items) {
    await db.increment(products, productId, { stock: quantity });
  }
  await db.update(orders, order.id, { status });
}

async function ownOrder(db: DataAccess, userId: string, orderId: string): Promise<Order> {
  const order = await db.get(orders, orderId);
  if (order === undefined || order.userId !== userId) throw orderErrors.ORDER_UNKNOWN({ data: { orderId } });
  return order;
}
