import { HOUR, type Milliseconds } from '@maque/kit';
import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { checkShipment } from './check-shipment.ts';
import type { OrderKey, Parcel, Shipment } from './shipping-types.ts';

export const UPLOAD_SHIPPING_INFO: ApiFacts = {
  method: 'POST',
  path: '/wxa/sec/order/upload_shipping_info',
  page: 'uploadShippingInfo',
  call: 'client.shipping.upload',
  summary: {
    en: 'Tells WeChat that an order has been shipped; its money stays frozen until then.',
    zh: '录入发货信息；在此之前订单资金处于冻结状态。',
  },
  errcodes: [
    -1, 10060001, 10060002, 10060003, 10060004, 10060005, 10060006, 10060007, 10060008, 10060009, 10060012,
    10060014, 10060019, 10060020, 10060023, 10060024, 10060025, 10060026, 10060031, 268485194, 268485195,
    268485196, 268485197, 268485216, 268485224, 268485226, 268485227, 268485228,
  ],
};

const WAYS = { express: 1, 'same-city': 2, virtual: 3, pickup: 4 } as const;
const UNIFIED = 1;
const SPLIT = 2;

/**
 * Tells WeChat that an order, or a part of it, has been shipped. Doing so again for what is shipped, or changing how, uses
 * up the one correction of an order.
 * @throws WechatError: `WECHAT_CALL_INVALID` with every fault, before anything is sent; `WECHAT_NOT_FOUND` (for some seconds
 * after a payment: again in a minute), `WECHAT_ORDER_STATE`, or as other calls do.
 */
export async function uploadShipment(
  callApi: ApiCaller,
  shipment: Shipment,
  nowEpochMs: number,
): Promise<void> {
  const faults = checkShipment(shipment);
  if (faults.length > 0) throw argumentError(UPLOAD_SHIPPING_INFO.path, faults);
  // Not repeated: a second one would be the correction.
  await callApi({ ...UPLOAD_SHIPPING_INFO, body: bodyOf(shipment, nowEpochMs), maxRetries: 0, secrets: [] });
}

function bodyOf(shipment: Shipment, nowEpochMs: number) {
  const { order, openid, way, parcels, split, uploadedAtMs = nowEpochMs } = shipment;
  return {
    order_key: orderKeyOf(order),
    logistics_type: WAYS[way],
    delivery_mode: split === undefined ? UNIFIED : SPLIT,
    ...(split === undefined ? {} : { is_all_delivered: split.complete }),
    shipping_list: parcels.map(parcelOf),
    upload_time: chinaTime(uploadedAtMs),
    payer: { openid },
  };
}

function orderKeyOf(order: OrderKey) {
  if ('transactionId' in order) return { order_number_type: 2, transaction_id: order.transactionId };
  return { order_number_type: 1, mchid: order.mchId, out_trade_no: order.outTradeNo };
}

function parcelOf({ description, companyId, trackingNo, consignorPhone, receiverPhone }: Parcel) {
  const contact = {
    ...(consignorPhone === undefined ? {} : { consignor_contact: maskPhone(consignorPhone) }),
    ...(receiverPhone === undefined ? {} : { receiver_contact: maskPhone(receiverPhone) }),
  };
  return {
    item_desc: description,
    ...(trackingNo === undefined ? {} : { tracking_no: trackingNo }),
    ...(companyId === undefined ? {} : { express_company: companyId }),
    ...(Object.keys(contact).length === 0 ? {} : { contact }),
  };
}

/** `13912341234` → `139****1234`: WeChat wants the last four digits to be seen, and no more. */
export function maskPhone(phone: string): string {
  return phone.includes('*') ? phone : `${phone.slice(0, -8)}****${phone.slice(-4)}`;
}

const CHINA_OFFSET: Milliseconds = 8 * HOUR;

/** RFC 3339 with milliseconds, as on WeChat's page: `2022-12-15T13:29:35.120+08:00`. China has had no summer time since 1991. */
function chinaTime(epochMs: number): string {
  return new Date(epochMs + CHINA_OFFSET).toISOString().replace('Z', '+08:00');
}
