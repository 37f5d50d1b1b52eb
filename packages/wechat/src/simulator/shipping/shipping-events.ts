import { type Milliseconds, SECOND } from '@maque/kit';
import type { PushFields } from '../../push/index.ts';
import type { PaidOrder } from './paid-orders.ts';

const SETTLEMENT = 'trade_manage_order_settlement';

/** An order is shipped. @param afterMs when its money will come if the user does nothing */
export function shippedEvent(order: PaidOrder, toldMs: number, afterMs: Milliseconds): PushFields {
  return {
    ...orderFields(SETTLEMENT, order),
    shipped_time: secondsOf(toldMs),
    estimated_settlement_time: secondsOf(toldMs + afterMs),
  };
}

/** The user has confirmed that an order arrived, and its money has come. */
export function settledEvent(order: PaidOrder, toldMs: number): PushFields {
  const now = secondsOf(toldMs);
  return {
    ...orderFields(SETTLEMENT, order),
    shipped_time: now,
    ...{ confirm_receive_method: 1, confirm_receive_time: now, settlement_time: now },
  };
}

/** An order has not been shipped for 48 hours. */
export function remindShippingEvent(order: PaidOrder): PushFields {
  return {
    ...orderFields('trade_manage_remind_shipping', order),
    msg: '您有一笔订单超过48小时未发货，请及时发货',
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
