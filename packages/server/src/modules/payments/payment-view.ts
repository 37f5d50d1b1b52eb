import type { Payment, Refund, RefundState } from '../../define/wechat-services.ts';
import { isoTime } from '../records/iso-time.ts';
import type { PaymentRow, RefundRowStatus, RefundWithPayment } from './payment-schema.ts';

const STATES: Readonly<Record<RefundRowStatus, RefundState>> = {
  pending: 'pending',
  succeeded: 'succeeded',
  abnormal: 'failed',
  closed: 'failed',
  refused: 'failed',
};

/** A payment as an app sees it. */
export function paymentOf(row: PaymentRow): Payment {
  const { outTradeNo, reference, userId, amountFen, description, status, transactionId, refundedFen } = row;
  return {
    ...{ outTradeNo, reference, userId, amountFen, description, status, transactionId, refundedFen },
    createdAt: isoTime(row.createdAt),
    paidAt: row.paidAt === null ? null : isoTime(row.paidAt),
  };
}

/** A refund as an app sees it. */
export function refundOf(row: RefundWithPayment): Refund {
  const { outRefundNo, reference, amountFen, outTradeNo, paymentReference, userId, paymentFen } = row;
  return {
    ...{ outRefundNo, reference, amountFen },
    payment: { outTradeNo, reference: paymentReference, userId, amountFen: paymentFen },
    status: STATES[row.status],
    createdAt: isoTime(row.createdAt),
  };
}
