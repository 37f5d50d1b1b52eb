import { type CodedError, defineErrors } from '@maque/kit';
import { readShippingEvent } from '@maque/wechat';
import type { PushMessage } from '@maque/wechat/push';

/** What WeChat says of parcels that somebody has to see to: the money of goods stays frozen until it is done. */
export const shippingMatters = defineErrors({
  SHIPPING_OVERDUE: {
    status: 500,
    message: {
      en: 'Order {outTradeNo} was paid 48 hours ago and WeChat knows of no parcel: upload its shipping information, or its money stays frozen',
      zh: '订单 {outTradeNo} 支付已超过 48 小时，微信仍未收到发货信息：请上传，否则货款一直冻结',
    },
  },
  SHIPPING_WANTED: {
    status: 500,
    message: {
      en: 'WeChat wants the shipping information of all orders from now on: {text}',
      zh: '微信要求今后的订单都上传发货信息：{text}',
    },
  },
  TRADE_CONTROLLED: {
    status: 500,
    message: {
      en: 'WeChat restricts the trade of this mini-program: {text}',
      zh: '微信限制了本小程序的交易：{text}',
    },
  },
});

/** What an operator is to be told of a push; null for most. */
export function shippingMatterOf(message: PushMessage): CodedError | null {
  const event = readShippingEvent(message);
  switch (event?.kind) {
    case 'overdue':
      return shippingMatters.SHIPPING_OVERDUE({ data: { outTradeNo: event.order.outTradeNo } });
    case 'upload-wanted':
      return shippingMatters.SHIPPING_WANTED({ data: { text: event.text } });
    case 'controlled':
      return shippingMatters.TRADE_CONTROLLED({ data: { text: event.text } });
    default:
      return null;
  }
}
