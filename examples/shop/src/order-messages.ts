import type { NewMessage, Payment, RecordOf } from 'maque';
import type { orders } from './orders.ts';

/**
 * The templates that the shop has chosen in WeChat's console. These ids are those of the simulator; a mini-program of your
 * own has others.
 */
export const TEMPLATES = {
  paid: process.env.SHOP_PAID_TEMPLATE ?? 'tmpl-paid',
  shipped: process.env.SHOP_SHIPPED_TEMPLATE ?? 'tmpl-shipped',
};

export function paidMessage({ reference, userId, description, amountFen, paidAt }: Payment): NewMessage {
  return {
    userId,
    templateId: TEMPLATES.paid,
    page: pageOf(reference),
    data: {
      character_string1: reference,
      thing2: description,
      amount3: `¥${(amountFen / 100).toFixed(2)}`,
      time4: chinaTime(paidAt ?? ''),
    },
    key: `paid-${reference}`,
  };
}

export function shippedMessage(order: RecordOf<typeof orders>, trackingNo: string): NewMessage {
  return {
    userId: order.userId,
    templateId: TEMPLATES.shipped,
    page: pageOf(order.id),
    data: { thing1: order.items[0]?.name ?? '', character_string2: trackingNo },
    key: `shipped-${order.id}`,
  };
}

function pageOf(orderId: string): string {
  return `pages/order/detail?id=${orderId}`;
}

/** `2026-11-20 14:37`, where the buyers are. */
function chinaTime(iso: string): string {
  const hoursAhead = 8;
  return new Date(Date.parse(iso) + hoursAhead * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
