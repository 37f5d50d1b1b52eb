import { SECOND } from '@maque/kit';
import { toNumber, toText } from '../http/read-fields.ts';
import type { PushMessage } from '../push/push-message.ts';

/** Which order an event is about. Times are ms since the epoch, null where WeChat has not told. */
interface EventOrder {
  readonly transactionId: string;
  readonly mchId: string;
  readonly outTradeNo: string;
  readonly paidAtMs: number | null;
}

/** What WeChat pushes about shipping. */
export type ShippingEvent =
  /** WeChat wants shipping information of this mini-program's orders from now on. */
  | { readonly kind: 'upload-wanted'; readonly text: string }
  /** An order was paid 48 hours ago and is not shipped. */
  | { readonly kind: 'overdue'; readonly order: EventOrder; readonly text: string }
  /** An order was shipped: when its money will come. */
  | {
      readonly kind: 'shipped';
      readonly order: EventOrder;
      readonly shippedAtMs: number | null;
      readonly estimatedSettlementAtMs: number | null;
    }
  /** An order was settled: its money has come. */
  | {
      readonly kind: 'settled';
      readonly order: EventOrder;
      readonly receivedAtMs: number | null;
      readonly settledAtMs: number;
      /** WeChat's number: to be shown, not to be decided by, since its page once had the two the other way round. */
      readonly confirmMethod: number | null;
    }
  /** WeChat restricts the mini-program's trade. */
  | { readonly kind: 'controlled'; readonly text: string };

/** Reads a pushed message as an event of shipping; null when it is none. */
export function readShippingEvent({ event, fields }: PushMessage): ShippingEvent | null {
  const text = toText(fields.msg);
  switch (event) {
    case 'trade_manage_remind_access_api':
      return { kind: 'upload-wanted', text };
    case 'trade_manage_remind_shipping':
      return { kind: 'overdue', order: readOrder(fields), text };
    case 'trade_manage_order_settlement':
      return readSettlement(fields);
    case 'wxa_trade_controlled':
      return { kind: 'controlled', text };
    default:
      return null;
  }
}

type Fields = PushMessage['fields'];

/** One event for two moments: with a time of settlement it is the second. */
function readSettlement(fields: Fields): ShippingEvent {
  const order = readOrder(fields);
  const settledAtMs = readTime(fields.settlement_time);
  if (settledAtMs !== null) {
    const receivedAtMs = readTime(fields.confirm_receive_time);
    const confirmMethod = toNumber(fields.confirm_receive_method);
    return { kind: 'settled', order, receivedAtMs, settledAtMs, confirmMethod };
  }
  return {
    kind: 'shipped',
    order,
    shippedAtMs: readTime(fields.shipped_time),
    estimatedSettlementAtMs: readTime(fields.estimated_settlement_time),
  };
}

function readOrder(fields: Fields): EventOrder {
  return {
    transactionId: toText(fields.transaction_id),
    mchId: toText(fields.merchant_id),
    outTradeNo: toText(fields.merchant_trade_no),
    paidAtMs: readTime(fields.pay_time),
  };
}

/** Seconds since the epoch; 0 stands for none. */
function readTime(value: unknown): number | null {
  const seconds = toNumber(value) ?? 0;
  return seconds > 0 ? seconds * SECOND : null;
}
