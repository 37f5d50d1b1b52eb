import { defineErrors } from 'maque';

export const orderErrors = defineErrors({
  PRODUCT_UNKNOWN: {
    status: 404,
    message: { en: 'There is no product {productId}', zh: '商品 {productId} 不存在' },
  },
  ORDER_OUT_OF_STOCK: {
    status: 409,
    message: { en: 'There is not enough of {names}', zh: '{names} 库存不足' },
  },
  REFUND_FAILED: {
    status: 409,
    message: {
      en: 'WeChat Pay could not give the money back: see to it in the merchant console',
      zh: '微信支付未能退款，请在商户平台处理',
    },
  },
  ORDER_UNKNOWN: {
    status: 404,
    message: { en: 'There is no order {orderId}', zh: '订单 {orderId} 不存在' },
  },
  ORDER_NOT_OPEN: {
    status: 409,
    message: { en: 'The order is {status} already', zh: '订单当前状态为 {status}，不能再操作' },
  },
});

/** What the details of ORDER_OUT_OF_STOCK say of each product; their path is its id. */
export const SHORT = { en: '{quantity} wanted, {stock} left', zh: '需要 {quantity} 件，仅剩 {stock} 件' };
