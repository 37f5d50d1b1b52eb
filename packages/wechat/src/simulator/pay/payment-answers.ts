import { chinaTime } from './china-time.ts';
import type { NoticeResource } from './compose-notification.ts';
import { type PaymentRecord, type RefundRecord, stateOf } from './pay-records.ts';

// WeChat's words for the states.
const STATE_WORDS = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  CLOSED: '订单已关闭',
  REFUND: '订单发生过退款，退款详情请查询退款单',
} as const;

interface Account {
  readonly appId: string;
  readonly mchId: string;
}

/** A payment as queries and notifications tell it. @param nowMs by the clock on which things grow old. */
export function transactionAnswer(
  payment: PaymentRecord,
  { appId, mchId }: Account,
  nowMs: number,
): NoticeResource {
  const { outTradeNo, totalFen, attach, openid, paid } = payment;
  const state = stateOf(payment, nowMs) as keyof typeof STATE_WORDS;
  const common = { mchid: mchId, appid: appId, out_trade_no: outTradeNo, trade_state: state };
  if (paid === undefined) {
    const amount = { total: totalFen, currency: 'CNY', payer_currency: 'CNY' };
    return { ...common, trade_state_desc: STATE_WORDS[state], attach, amount };
  }
  return {
    ...common,
    transaction_id: paid.transactionId,
    trade_type: 'JSAPI',
    trade_state_desc: STATE_WORDS[state],
    bank_type: 'OTHERS',
    attach,
    success_time: chinaTime(paid.atMs),
    payer: { openid },
    amount: { total: totalFen, payer_total: totalFen, currency: 'CNY', payer_currency: 'CNY' },
  };
}

/** A refund as the refund call and its query tell it. */
export function refundAnswer(refund: RefundRecord): Readonly<Record<string, unknown>> {
  const { refundFen, successAtMs, payment } = refund;
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: payment.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(successAtMs === null ? {} : { success_time: chinaTime(successAtMs) }),
    create_time: chinaTime(refund.createdAtMs),
    status: refund.status,
    funds_account: 'AVAILABLE',
    amount: {
      total: payment.totalFen,
      refund: refundFen,
      payer_total: payment.totalFen,
      payer_refund: refundFen,
      settlement_total: payment.totalFen,
      settlement_refund: refundFen,
      discount_refund: 0,
      currency: 'CNY',
    },
  };
}

/** A refund as its notification tells it. */
export function refundNotice(refund: RefundRecord, mchId: string): NoticeResource {
  const { payment, refundFen, successAtMs } = refund;
  return {
    mchid: mchId,
    out_trade_no: payment.outTradeNo,
    transaction_id: refund.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.status,
    ...(successAtMs === null ? {} : { success_time: chinaTime(successAtMs) }),
    user_received_account: '支付用户零钱',
    amount: {
      total: payment.totalFen,
      refund: refundFen,
      payer_total: payment.totalFen,
      payer_refund: refundFen,
    },
  };
}
