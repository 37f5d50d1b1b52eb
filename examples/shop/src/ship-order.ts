import type { Data, WechatServices } from 'maque';
import { orderErrors } from './order-errors.ts';
import { shippedMessage } from './order-messages.ts';
import { orders } from './orders.ts';

/** Marks an order as shipped and tells its buyer: both or neither. */
export function shipOrder(db: Data, { messages }: WechatServices, orderId: string, trackingNo: string) {
  return db.transaction(async (tx) => {
    const order = await tx.get(orders, orderId);
    if (order === undefined) throw orderErrors.ORDER_UNKNOWN({ data: { orderId } });
    if (order.status !== 'paid') throw orderErrors.ORDER_NOT_OPEN({ data: { status: order.status } });
    await tx.update(orders, orderId, { status: 'shipped' });
    await messages.send(shippedMessage(order, trackingNo), tx);
    return { ...order, status: 'shipped' as const };
  });
}
