import { type CodedError, defineErrors } from '@maque/kit';

/** What an operator has to see to where money is concerned. None of these travels over HTTP. */
export const paymentAlerts = defineErrors({
  PAYMENT_NOT_IN_BOOKS: {
    status: 500,
    message: {
      en: 'WeChat Pay tells of {number}, which is not in this database: is it an old one, or does another server use the same notify URL?',
      zh: '微信支付通知的单号 {number} 不在本数据库中：数据库是否为旧备份，或有其他服务使用同一通知地址？',
    },
  },
  PAYMENT_MISMATCH: {
    status: 500,
    message: {
      en: 'WeChat Pay says {field} {found} of {number}, and the books say {expected}: it was not booked. Compare both in the merchant console',
      zh: '单号 {number} 的 {field}：微信支付为 {found}，账上为 {expected}，未入账。请在商户平台核对',
    },
  },
  PAYMENT_PAID_LATE: {
    status: 500,
    message: {
      en: '{outTradeNo} for {reference} was paid after it had been closed. It is booked as paid; see whether it is still to be delivered, or refund it',
      zh: '{reference} 的支付 {outTradeNo} 在关闭后才付款，已记为已支付。请确认是否仍可交付，否则请退款',
    },
  },
  PAYMENT_HANDLER_FAILED: {
    status: 500,
    message: {
      en: 'The app’s {handler} failed for {number}: {reason}. Nothing was booked; it is tried again until it works',
      zh: '应用的 {handler} 处理 {number} 失败：{reason}。未入账，将不断重试直到成功',
    },
  },
  PAYMENT_NOTIFICATION_REPLAYED: {
    status: 401,
    message: {
      en: 'A notification of WeChat Pay’s was sent a second time by somebody else, and was refused',
      zh: '有人重放了一条微信支付通知，已拒绝',
    },
  },
  REFUND_FAILED: {
    status: 500,
    message: {
      en: 'The refund {outRefundNo} of {amountFen} fen for {reference} ended as {status}: see to it in the merchant console',
      zh: '{reference} 的退款 {outRefundNo}（{amountFen} 分）结果为 {status}，请在商户平台处理',
    },
  },
  PAYMENT_REFUNDED_ELSEWHERE: {
    status: 500,
    message: {
      en: 'Payment {outTradeNo} for {reference} was booked as paid, and WeChat Pay says that money of it has gone back already: was it refunded in the merchant console? Do not deliver before you have looked',
      zh: '{reference} 的支付 {outTradeNo} 已入账，但微信支付显示其款项已有退款（是否在商户平台操作过？）。发货前请先核对',
    },
  },
  PAYMENT_STUCK: {
    status: 500,
    message: {
      en: 'Payment {outTradeNo} for {reference} expired a day ago and could not be settled yet; the log says why. What it has reserved is held until then',
      zh: '{reference} 的支付 {outTradeNo} 过期已一天仍无法了结，原因见日志；它占用的库存一直未释放',
    },
  },
  REFUND_STUCK: {
    status: 500,
    message: {
      en: 'The refund {outRefundNo} of {amountFen} fen for {reference} has not ended after 30 days; it is not asked about any more: see to it in the merchant console',
      zh: '{reference} 的退款 {outRefundNo}（{amountFen} 分）30 天仍未完成，不再查询，请在商户平台处理',
    },
  },
  PAYMENT_BILL_DIFFERS: {
    status: 500,
    message: {
      en: 'WeChat Pay’s bill of {date} and the books differ: {unknown} not in the books, {amounts} of another amount, {unpaid} not booked as paid, {missing} not in the bill, {refunds} refunds. Each is in the log',
      zh: '{date} 的微信账单与账目不一致：账上没有 {unknown} 笔，金额不同 {amounts} 笔，未记为已支付 {unpaid} 笔，账单中没有 {missing} 笔，退款 {refunds} 笔。明细见日志',
    },
  },
});

/** Whether an error is one of {@link paymentAlerts}. */
export function isPaymentAlert(error: unknown): error is CodedError {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && Object.hasOwn(paymentAlerts, code);
}
