import type { Data, DataAccess, Messages, Payment, RecordOf, Refund, WechatServices } from 'maque';
import { orderErrors } from './order-errors.ts';
import { paidMessage } from './order-messages.ts';
import { orders } from './orders.ts';
import { products } from './products.ts';

type Order = RecordOf<typeof orders>;

/**
 * Opens the payment of an order; answers what the mini-program passes to `client.pay`.
 * @throws CodedError ORDER_UNKNOWN, ORDER_NOT_OPEN, or those of `payments.open`.
 */
export async function payOrder(db: Data, { payments }: WechatServices, userId: string, orderId: string) {
  const order = await ownOrder(db, userId, orderId);
  if (order.status !== 'placed') throw orderErrors.ORDER_NOT_OPEN({ data: { status: order.status } });
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
  if (order.status !== 'paid' && order.status !== 'shipped') {
    throw orderErrors.ORDER_NOT_OPEN({ data: { status: order.status } });
  }
  await payments.refund({ reference: order.id, refund: 'all', amountFen: order.total_fen });
}

/** In the payment's own transaction: the order is paid, and the message goes out, exactly if the payment is booked. */
export async function markPaid(payment: Payment, db: DataAccess, messages: Messages): Promise<void> {
  await db.update(orders, payment.reference, { status: 'paid' });
  await messages.send(paidMessage(payment), db);
}

/** Nobody paid in time: what the order had taken goes back on the shelf. */
export async function cancelUnpaid({ reference }: Payment, db: DataAccess): Promise<void> {
  const order = await db.get(orders, reference);
  if (order?.status === 'placed') await endOrder(db, order, 'cancelled');
}

export async function markRefunded({ payment, status }: Refund, db: DataAccess): Promise<void> {
  const order = await db.get(orders, payment.reference);
  if (order !== undefined && status === 'succeeded') await endOrder(db, order, 'refunded');
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
