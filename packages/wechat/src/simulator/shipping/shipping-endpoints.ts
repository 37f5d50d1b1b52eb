import { DAY, SECOND } from '@maque/kit';
import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import { describeOrder } from './describe-order.ts';
import { readOrderKey, readQueryKey } from './order-key.ts';
import { readUpload } from './parcels.ts';
import { receiptAfter } from './shipping-desk.ts';
import { shippedEvent } from './shipping-events.ts';

const OK = { errcode: 0, errmsg: 'ok' };

// How long after its payment a presale may be sent.
const PRESALE_DAYS = { least: 15, most: 330 };

// WeChat's own ids of some express companies.
const COMPANIES = [
  ['SF', '顺丰速运'],
  ['ZTO', '中通快递'],
  ['YTO', '圆通速递'],
  ['YD', '韵达速递'],
  ['STO', '申通快递'],
  ['JTSD', '极兔速递'],
  ['JD', '京东物流'],
  ['EMS', 'EMS'],
] as const;

/** `POST /wxa/sec/order/upload_shipping_info` */
export const handleUploadShipping: ApiHandler = ({ body }, { shipping, pusher, clock }) => {
  const upload = readUpload(body);
  const order = shipping.find(readOrderKey(body));
  const { payer } = body;
  const openid = typeof payer === 'object' && payer !== null && 'openid' in payer ? payer.openid : undefined;
  if (openid !== order.openid) throw new Refusal(10060031);
  const express = upload.logisticsType === 1;
  if (express && !upload.parcels.every(({ company }) => isCompany(company))) throw new Refusal(10060014);
  shipping.ship(order, upload);
  pusher.pushLater(shippedEvent(order, clock.told(), receiptAfter(upload)), order.openid);
  return OK;
};

/** `POST /wxa/sec/order/get_order` */
export const handleGetOrder: ApiHandler = ({ body }, { shipping }) => ({
  ...OK,
  order: describeOrder(shipping.find(readQueryKey(body)), shipping),
});

/** `POST /wxa/sec/order/is_trade_managed` */
export const handleIsTradeManaged: ApiHandler = ({ body }, { appId }) => {
  if (body.appid !== appId) throw new Refusal(40013);
  return { ...OK, is_trade_managed: true };
};

/** `POST /wxa/sec/order/is_trade_management_confirmation_completed` */
export const handleIsConfirmationCompleted: ApiHandler = ({ body }, { appId }) => {
  if (body.appid !== appId) throw new Refusal(40013);
  return { ...OK, completed: true };
};

/** `POST /wxa/sec/order/notify_confirm_receive` */
export const handleNotifyReceive: ApiHandler = ({ body }, { shipping }) => {
  const { received_time: seconds } = body;
  if (!Number.isSafeInteger(seconds)) throw new Refusal(10060014);
  shipping.remind(shipping.find(readQueryKey(body)), Number(seconds) * SECOND);
  return OK;
};

/** `POST /wxa/sec/order/set_msg_jump_path` */
export const handleSetJumpPath: ApiHandler = ({ body }, { shipping }) => {
  const { path } = body;
  if (typeof path !== 'string' || path.length > 1_024) throw new Refusal(10060014);
  shipping.jumpPath = path;
  return OK;
};

/** `POST /wxa/sec/order/opspecialorder` */
export const handleSpecialOrder: ApiHandler = ({ body }, { shipping }) => {
  const { order_id: id, type, delay_to: until } = body;
  if (type !== 1 && type !== 2) throw new Refusal(268546000);
  const order = shipping
    .list()
    .find(({ transactionId, outTradeNo }) => id === transactionId || id === outTradeNo);
  if (order === undefined || shipping.stateOf(order) !== 1) throw new Refusal(268546002);
  if (type === 1) {
    const days = (Number(until) * SECOND - order.paidAtMs) / DAY;
    if (!(days >= PRESALE_DAYS.least && days <= PRESALE_DAYS.most)) throw new Refusal(268546001);
  }
  shipping.setSpecial(order, type === 1 ? 'presale' : 'test');
  return OK;
};

/** `POST /cgi-bin/express/delivery/open_msg/get_delivery_list` */
export const handleDeliveryList: ApiHandler = () => ({
  ...OK,
  delivery_list: COMPANIES.map(([id, name]) => ({ delivery_id: id, delivery_name: name })),
  count: COMPANIES.length,
});

function isCompany(id: string): boolean {
  return COMPANIES.some(([known]) => known === id);
}
