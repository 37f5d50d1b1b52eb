import { DAY, SECOND } from '@maque/kit';
import type { PushFields } from '../../push/index.ts';
import type { PaidOrder } from './paid-orders.ts';

const EXPRESS_SETTLEMENT_MS = 10 * DAY;

/** The money of an order: will be settled, now that it is shipped, or is, now that it was received. */
export function settlementEvent(
  order: PaidOrder,
  toldMs: number,
  received: 'not-yet' | 'by-user',
): PushFields {
  const now = secondsOf(toldMs);
  const event = { ...orderFields('trade_manage_order_settlement', order), shipped_time: now };
  if (received === 'not-yet')
    return { ...event, estimated_settlement_time: secondsOf(toldMs + EXPRESS_SETTLEMENT_MS) };
  return { ...event, confirm_receive_method: 1, confirm_receive_time: now, settlement_time: now };
}

/** An order has not been shipped for 48 hours. */
export function remindShippingEvent(order: PaidOrder): PushFields {
  return {
    ...orderFields('trade_manage_remind_shipping', order),
    msg: '您有一笔订单超过48小时未发货,请及时发货',
  };
}

function orderFields(event: string, order: PaidOrder): PushFields {
  return {
    MsgType: 'event',
    Event: event,
    transaction_id: order.transactionId,
    merchant_id: order.mchId,
    sub_merchant_id: '',
    merchant_trade_no: order.outTradeNo,
    pay_time: secondsOf(order.paidAtMs),
  };
}

function secondsOf(epochMs: number): number {
  return Math.floor(epochMs / SECOND);
}
