import { SECOND } from '@maque/kit';
import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import type { JsonAnswer } from '../http/read-answer.ts';
import { listField, toNumber, toRecord, toRecords, toText, unreadable } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { checkOrderKey } from './check-shipment.ts';
import type { OrderKey, OrderShipping, OrderState, ShippingOrder } from './shipping-types.ts';

export const GET_ORDER: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/get_order',
  page: 'getOrder',
  call: 'client.shipping.order',
  summary: { en: 'An order in the state that WeChat has it.', zh: '查询订单发货状态。' },
  errcodes: [-1, 10060001, 10060012, 10060014],
};

export const GET_ORDER_LIST: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/get_order_list',
  page: 'getOrderList',
  call: 'client.shipping.orders',
  summary: {
    en: 'Orders by time of payment, state and user, page after page.',
    zh: '按支付时间、状态与用户查询订单列表，自动翻页。',
  },
  errcodes: [-1, 10060011, 10060012, 10060014],
};

export interface OrderQuery {
  /** Ms since the epoch, to the second. */
  readonly paidFromMs?: number;
  /** Ms since the epoch, to the second; that second too. */
  readonly paidToMs?: number;
  readonly state?: Exclude<OrderState, 'unknown'>;
  readonly openid?: string;
}

const STATES: readonly OrderState[] = [
  'unknown',
  'to-ship',
  'shipped',
  'received',
  'finished',
  'refunded',
  'settling',
];

// WeChat's default, and some 60 KB an answer.
const PAGE_SIZE = 100;

/** @throws WechatError: `WECHAT_NOT_FOUND`, also for some seconds after a payment; or as other calls do. */
export async function fetchOrder(callApi: ApiCaller, order: OrderKey): Promise<ShippingOrder> {
  const faults = checkOrderKey(order);
  if (faults.length > 0) throw argumentError(GET_ORDER.path, faults);
  const answer = await callApi({ ...GET_ORDER, body: orderFields(order), maxRetries: 2, secrets: [] });
  if (answer.order === undefined) throw unreadable(GET_ORDER.path, 'JSON without order');
  return readOrder(toRecord(answer.order));
}

/** All orders that match, 100 a call, as they are wanted. @throws WechatError */
export async function* listOrders(
  callApi: ApiCaller,
  query: OrderQuery = {},
): AsyncGenerator<ShippingOrder, void, undefined> {
  for (let lastIndex = ''; ; ) {
    const body = {
      ...filterOf(query),
      ...(lastIndex === '' ? {} : { last_index: lastIndex }),
      page_size: PAGE_SIZE,
    };
    const answer = await callApi({ ...GET_ORDER_LIST, body, maxRetries: 2, secrets: [] });
    for (const order of listField(GET_ORDER_LIST.path, answer, 'order_list')) yield readOrder(order);
    if (answer.has_more !== true) return;
    const next = toText(answer.last_index);
    // Without a step forward the same page would come for ever.
    if (next === '' || next === lastIndex)
      throw unreadable(GET_ORDER_LIST.path, 'has_more without a new last_index');
    lastIndex = next;
  }
}

/** As all calls but the upload name an order. */
export function orderFields(order: OrderKey): Readonly<Record<string, string>> {
  if ('transactionId' in order) return { transaction_id: order.transactionId };
  return { merchant_id: order.mchId, merchant_trade_no: order.outTradeNo };
}

function filterOf({ paidFromMs, paidToMs, state, openid }: OrderQuery) {
  const range = {
    ...(paidFromMs === undefined ? {} : { begin_time: Math.floor(paidFromMs / SECOND) }),
    ...(paidToMs === undefined ? {} : { end_time: Math.floor(paidToMs / SECOND) }),
  };
  return {
    ...(Object.keys(range).length === 0 ? {} : { pay_time_range: range }),
    ...(state === undefined ? {} : { order_state: STATES.indexOf(state) }),
    ...(openid === undefined ? {} : { openid }),
  };
}

function readOrder(order: JsonAnswer): ShippingOrder {
  return {
    transactionId: toText(order.transaction_id),
    mchId: toText(order.merchant_id),
    outTradeNo: toText(order.merchant_trade_no),
    description: toText(order.description),
    paidFen: toNumber(order.paid_amount) ?? 0,
    openid: toText(order.openid),
    paidAtMs: (toNumber(order.pay_time) ?? 0) * SECOND,
    state: STATES[toNumber(order.order_state) ?? 0] ?? 'unknown',
    inComplaint: order.in_complaint === true,
    shipping: readShipping(toRecord(order.shipping)),
  };
}

const WAYS: readonly OrderShipping['way'][] = ['unknown', 'express', 'same-city', 'virtual', 'pickup'];

function readShipping(shipping: JsonAnswer): OrderShipping | null {
  // An order without an upload has an empty object here.
  if (shipping.delivery_mode === undefined) return null;
  return {
    way: WAYS[toNumber(shipping.logistics_type) ?? 0] ?? 'unknown',
    split: toNumber(shipping.delivery_mode) === 2,
    complete: shipping.finish_shipping === true,
    completions: toNumber(shipping.finish_shipping_count) ?? 0,
    parcels: toRecords(shipping.shipping_list).map((parcel) => ({
      trackingNo: toText(parcel.tracking_no),
      companyId: toText(parcel.express_company),
      description: toText(parcel.goods_desc),
      uploadedAtMs: (toNumber(parcel.upload_time) ?? 0) * SECOND,
    })),
  };
}
