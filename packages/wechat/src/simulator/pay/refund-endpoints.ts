import { DAY } from '@maque/kit';
import { checkFields } from './check-fields.ts';
import { checkNotifyUrl } from './check-notify-url.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PayHandler } from './pay-call.ts';
import { type PaymentRecord, type RefundRecord, refundedFenOf } from './pay-records.ts';
import { refuse } from './pay-refusal.ts';
import type { PayWorld } from './pay-world.ts';
import { refundAnswer } from './payment-answers.ts';
import { finishRefundLater } from './refund-course.ts';
import { type RefundBody, refundRules } from './request-rules.ts';

const MAX_REFUNDS = 50;
const REFUNDABLE_FOR = 365 * DAY;

export const handleRefund: PayHandler = ({ body }, world) => {
  checkFields(body, refundRules, 'body');
  const request = body as RefundBody;
  if (typeof request.notify_url === 'string') checkNotifyUrl(request.notify_url);
  const known = world.ledger.refund(request.out_refund_no);
  if (known !== undefined) {
    if (known.fingerprint !== fingerprintOf(request)) throw refuse('refund differs');
    return refundAnswer(known);
  }
  const refund = openRefund(paymentOf(request, world), request, world);
  finishRefundLater(world, refund);
  return refundAnswer(refund);
};

export const handleQueryRefund: PayHandler = ({ number, query }, world) => {
  checkFields(query, {}, 'query');
  const refund = world.ledger.refund(number);
  if (refund === undefined) throw refuse('resource unknown');
  return refundAnswer(refund);
};

function paymentOf({ transaction_id, out_trade_no }: RefundBody, { ledger }: PayWorld): PaymentRecord {
  if (typeof transaction_id !== 'string' && typeof out_trade_no !== 'string') {
    throw refuse('field wrong', {
      ...{ location: 'body', field: '/body/transaction_id', issue: '与out_trade_no二选一必填' },
    });
  }
  const payment =
    typeof transaction_id === 'string'
      ? ledger.paymentOfTransaction(transaction_id)
      : ledger.payment(out_trade_no ?? '');
  if (payment === undefined) throw refuse('resource unknown');
  return payment;
}

function openRefund(payment: PaymentRecord, request: RefundBody, world: PayWorld): RefundRecord {
  const { clock, ledger, numbers } = world;
  const { refund, total } = request.amount;
  if (payment.paid === undefined) throw refuse('order unpaid');
  if (total !== payment.totalFen) throw refuse('refund differs');
  if (refundedFenOf(payment) + refund > total) throw refuse('refund too much');
  if (payment.refunds.length >= MAX_REFUNDS) throw refuse('refunded too often');
  if (clock.now() - payment.paid.agedFromMs > REFUNDABLE_FOR) throw refuse('refund too late');
  const record: RefundRecord = {
    outRefundNo: request.out_refund_no,
    refundId: numbers.refundId(clock.told()),
    payment,
    transactionId: payment.paid.transactionId,
    refundFen: refund,
    reason: request.reason ?? '',
    notifyUrl: request.notify_url ?? '',
    fingerprint: fingerprintOf(request),
    createdAtMs: clock.told(),
    status: 'PROCESSING',
    successAtMs: null,
    notice: 'none',
  };
  ledger.addRefund(record);
  return record;
}
