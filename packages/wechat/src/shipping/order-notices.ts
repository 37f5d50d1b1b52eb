import { SECOND } from '@maque/kit';
import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { checkOrderKey } from './check-shipment.ts';
import { orderFields } from './orders.ts';
import type { OrderKey } from './shipping-types.ts';

export const NOTIFY_CONFIRM_RECEIVE: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/notify_confirm_receive',
  page: 'notifyConfirmReceive',
  call: 'client.shipping.remindReceipt',
  summary: {
    en: 'Asks the user to confirm the receipt; once for each order, express only.',
    zh: '提醒用户确认收货，每单一次，仅限快递。',
  },
  errcodes: [-1, 10060001, 10060012, 10060014, 10060028, 10060029, 10060030, 10060032],
};

export const SET_MSG_JUMP_PATH: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/set_msg_jump_path',
  page: 'setMsgJumpPath',
  call: 'client.shipping.setMessagePath',
  summary: {
    en: "Sets what a tap on WeChat's messages about shipping opens.",
    zh: '设置发货与收货消息的跳转路径。',
  },
  errcodes: [-1],
};

export const OP_SPECIAL_ORDER: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/opspecialorder',
  page: 'opspecialorder',
  call: 'client.shipping.declareSpecial',
  summary: {
    en: 'Declares an order to be shipped much later, or to be a trial.',
    zh: '特殊发货报备：预售订单或测试订单。',
  },
  errcodes: [-1, 268546000, 268546001, 268546002],
};

/** An order that need not be shipped as others are. */
export type SpecialOrder =
  /** To be shipped 15 to 330 days after its payment. `orderNumber` is WeChat Pay's or the merchant's. */
  | { readonly kind: 'presale'; readonly orderNumber: string; readonly shipsAtMs: number }
  /** Never to be shipped. */
  | { readonly kind: 'trial'; readonly orderNumber: string };

/**
 * Reminds the user of a parcel that has come: WeChat lets you do it once for each order.
 * @param receivedAtMs when it came, ms since the epoch; after it was shipped.
 * @throws WechatError: `WECHAT_ORDER_STATE`, `WECHAT_NOT_FOUND`, or as other calls do.
 */
export async function remindReceipt(
  callApi: ApiCaller,
  order: OrderKey,
  receivedAtMs: number,
): Promise<void> {
  const faults = checkOrderKey(order);
  if (faults.length > 0) throw argumentError(NOTIFY_CONFIRM_RECEIVE.path, faults);
  const body = { ...orderFields(order), received_time: Math.floor(receivedAtMs / SECOND) };
  await callApi({ ...NOTIFY_CONFIRM_RECEIVE, body, maxRetries: 0, secrets: [] });
}

/**
 * Sets which page a tap on WeChat's messages opens; WeChat adds the numbers of the order to its query. With an empty path,
 * WeChat's own page opens. @throws WechatError
 */
export async function setMessagePath(callApi: ApiCaller, path: string): Promise<void> {
  await callApi({ ...SET_MSG_JUMP_PATH, body: { path }, maxRetries: 2, secrets: [] });
}

/** @throws WechatError: `WECHAT_NOT_FOUND` when no order of this number waits to be shipped, or as other calls do. */
export async function declareSpecial(callApi: ApiCaller, order: SpecialOrder): Promise<void> {
  const body =
    order.kind === 'presale'
      ? { order_id: order.orderNumber, type: 1, delay_to: Math.floor(order.shipsAtMs / SECOND) }
      : { order_id: order.orderNumber, type: 2 };
  await callApi({ ...OP_SPECIAL_ORDER, body, maxRetries: 0, secrets: [] });
}
