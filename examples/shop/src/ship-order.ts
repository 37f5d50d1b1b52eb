import type { Data, WechatServices } from 'maque';
import { orderErrors } from './order-errors.ts';
import { orders } from './orders.ts';

/**
 * The template that tells of a parcel, chosen in WeChat's console; the simulator knows this one. A mini-program of your own
 * has another id.
 */
export const SHIPPED_TEMPLATE = process.env.SHOP_SHIPPED_TEMPLATE ?? 'tmpl-shipped';

/** Marks an order as shipped and tells its buyer, who has agreed to one message when paying. Both or neither. */
export function shipOrder(db: Data, { messages }: WechatServices, orderId: string, trackingNo: string) {
  return db.transaction(async (tx) => {
    const order = await tx.get(orders, orderId);
    if (order === undefined) throw orderErrors.ORDER_UNKNOWN({ data: { orderId } });
    if (order.status !== 'paid') throw orderErrors.ORDER_NOT_OPEN({ data: { status: order.status } });
    await tx.update(orders, orderId, { status: 'shipped' });
    const message = {
      userId: order.userId,
      templateId: SHIPPED_TEMPLATE,
      page: `pages/order/detail?id=${orderId}`,
      data: { thing1: order.items[0]?.name ?? '', character_string2: trackingNo },
      key: `shipped-${orderId}`,
    };
    await messages.send(message, tx);
    return { ...order, status: 'shipped' as const };
  });
}
