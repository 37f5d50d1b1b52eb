import type { Clock } from '@maque/kit';
import type { ApiFacts } from '../http/api-facts.ts';
import { listField, toText } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import {
  declareSpecial,
  NOTIFY_CONFIRM_RECEIVE,
  OP_SPECIAL_ORDER,
  remindReceipt,
  SET_MSG_JUMP_PATH,
  type SpecialOrder,
  setMessagePath,
} from './order-notices.ts';
import { fetchOrder, GET_ORDER, GET_ORDER_LIST, listOrders, type OrderQuery } from './orders.ts';
import type { OrderKey, Shipment, ShippingOrder } from './shipping-types.ts';
import { UPLOAD_SHIPPING_INFO, uploadShipment } from './upload-shipment.ts';

export const IS_TRADE_MANAGED: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/is_trade_managed',
  page: 'isTradeManaged',
  call: 'client.shipping.isManaged',
  summary: {
    en: 'Whether WeChat wants shipping information of the orders of this mini-program.',
    zh: '查询小程序是否已开通发货信息管理服务。',
  },
  errcodes: [-1, 40013, 40097, 44990],
};

export const GET_DELIVERY_LIST: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/express/delivery/open_msg/get_delivery_list',
  page: 'getDeliveryList',
  call: 'client.shipping.deliveryCompanies',
  summary: { en: 'The express companies and their ids.', zh: '获取运力（快递公司）ID 列表。' },
  errcodes: [-1, 40001],
};

export const SHIPPING_APIS: readonly ApiFacts[] = [
  IS_TRADE_MANAGED,
  UPLOAD_SHIPPING_INFO,
  GET_ORDER,
  GET_ORDER_LIST,
  NOTIFY_CONFIRM_RECEIVE,
  SET_MSG_JUMP_PATH,
  OP_SPECIAL_ORDER,
  GET_DELIVERY_LIST,
];

export interface DeliveryCompany {
  readonly id: string;
  readonly name: string;
}

/** That goods are on their way: mini-programs that sell get their money only after they have told so. */
export interface Shipping {
  /** Whether WeChat wants shipping information of this mini-program's orders. @throws WechatError */
  isManaged(): Promise<boolean>;
  /** See {@link uploadShipment}. */
  upload(shipment: Shipment): Promise<void>;
  /** See {@link fetchOrder}. */
  order(order: OrderKey): Promise<ShippingOrder>;
  /** See {@link listOrders}. */
  orders(query?: OrderQuery): AsyncGenerator<ShippingOrder, void, undefined>;
  /** See {@link remindReceipt}. */
  remindReceipt(order: OrderKey, receivedAtMs: number): Promise<void>;
  /** See {@link setMessagePath}. */
  setMessagePath(path: string): Promise<void>;
  /** See {@link declareSpecial}. */
  declareSpecial(order: SpecialOrder): Promise<void>;
  /** The express companies that WeChat knows; they seldom change. @throws WechatError */
  deliveryCompanies(): Promise<DeliveryCompany[]>;
}

export function createShipping(callApi: ApiCaller, appId: string, clock: Clock): Shipping {
  return {
    async isManaged() {
      const body = { appid: appId };
      const answer = await callApi({ ...IS_TRADE_MANAGED, body, maxRetries: 2, secrets: [] });
      return answer.is_trade_managed === true;
    },
    upload: (shipment) => uploadShipment(callApi, shipment, clock.now()),
    order: (order) => fetchOrder(callApi, order),
    orders: (query) => listOrders(callApi, query),
    remindReceipt: (order, receivedAtMs) => remindReceipt(callApi, order, receivedAtMs),
    setMessagePath: (path) => setMessagePath(callApi, path),
    declareSpecial: (order) => declareSpecial(callApi, order),
    async deliveryCompanies() {
      const answer = await callApi({ ...GET_DELIVERY_LIST, body: {}, maxRetries: 2, secrets: [] });
      return listField(GET_DELIVERY_LIST.path, answer, 'delivery_list').map((company) => ({
        id: toText(company.delivery_id),
        name: toText(company.delivery_name),
      }));
    },
  };
}
