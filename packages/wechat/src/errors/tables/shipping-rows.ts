import { busy, type FailureRow, invalidCall, notFound } from '../failure-row.ts';

/** Errcodes of shipping information. */
export const shippingRows: Readonly<Record<number, FailureRow>> = {
  10060001: {
    ...notFound(
      'WeChat has no such order. For some seconds after a payment that is normal; later, check the transaction id or the merchant number and order number.',
      '微信中没有该支付单。刚支付后数秒内属正常；之后请检查交易单号，或商户号与商户单号。',
    ),
    // An order is known some seconds after its payment; a minute leaves room.
    retryAfterSeconds: 60,
  },
  10060002: orderState('it has been shipped already', '已完成发货'),
  10060003: orderState('its one correction has been used', '重新发货机会已用完'),
  10060004: orderState('it cannot be shipped', '处于不可发货的状态'),
  10060023: orderState('the information is the one it has already', '发货信息没有变化'),
  10060028: orderState('it is not shipped, or received already', '不是已发货状态'),
  10060030: orderState('its one reminder has been used', '提醒收货机会已用完'),
  10060032: orderState('only what is sent by express can be reminded of', '只有快递发货可以提醒收货'),
  // Both are called "system error" on the pages, and are what -1 is elsewhere.
  10060012: busy(),
  10060019: busy(),
  10060005: invalidCall('logistics_type is wrong', '物流类型有误'),
  10060006: invalidCall('only what is sent by express may be split', '非快递发货时不允许分拆发货'),
  10060007: invalidCall('is_all_delivered is missing', '分拆发货必须填写 is_all_delivered'),
  10060008: invalidCall('item_desc is empty', '商品描述 item_desc 为空'),
  10060009: invalidCall('item_desc is too long', '商品描述 item_desc 太长'),
  10060011: invalidCall('last_index is wrong', 'last_index 不合法'),
  10060014: invalidCall('an argument is wrong; errmsg names it', '参数有误，详见 errmsg'),
  10060020: invalidCall('the description of the goods is missing', '缺少商品描述'),
  10060024: invalidCall('there are too many parcels', '物流信息列表太长'),
  10060025: invalidCall('the id of the express company is too long', '物流公司编码太长'),
  10060026: invalidCall('the tracking number is too long', '物流单号太长'),
  10060029: invalidCall('the time of receipt is not after the shipping', '签收时间不在发货时间之后'),
  10060031: invalidCall('the order belongs to another openid', '支付单不属于该 openid'),
  268485194: invalidCall('order_number_type is wrong', '订单单号类型非法'),
  268485195: invalidCall('transaction_id is missing', '缺少 transaction_id'),
  268485196: invalidCall('mchid is missing', '缺少 mchid'),
  268485197: invalidCall('out_trade_no is missing', '缺少 out_trade_no'),
  268485216: invalidCall('upload_time is not RFC 3339', '上传时间不符合 RFC 3339'),
  268485224: invalidCall('delivery_mode is wrong', '发货模式非法'),
  268485226: invalidCall('the tracking number is missing', '缺少物流单号'),
  268485227: invalidCall('the express company is missing', '缺少物流公司编码'),
  268485228: invalidCall('unified delivery needs exactly one parcel', '统一发货时物流信息必须恰好一条'),
  268546000: invalidCall('type is wrong', 'type 非法'),
  268546001: invalidCall(
    'the time of delivery is not 15 to 330 days after the payment',
    '预计发货时间须在支付后 15 至 330 天',
  ),
  268546002: notFound(
    'There is no order of this number that waits to be shipped.',
    '账号下没有该单号的待发货订单。',
  ),
};

function orderState(en: string, zh: string): FailureRow {
  return {
    code: 'WECHAT_ORDER_STATE',
    retry: 'never',
    alert: false,
    advice: { en: `Nothing was changed: ${en}.`, zh: `未作更改：该支付单${zh}。` },
  };
}
