import type { Fen, RefundStatus, TradeState } from '../../pay/pay-types.ts';

/** How it went with telling the server: nobody asked for it, under way, acknowledged, or given up after all tries. */
export type NoticeState = 'none' | 'pending' | 'acknowledged' | 'given up';

/** A payment, for assertions: plain data, as it is at that moment. Times are ms since the epoch. */
export interface SimulatedPayment {
  readonly outTradeNo: string;
  readonly state: TradeState;
  readonly totalFen: Fen;
  /** All refunds that were not closed. */
  readonly refundedFen: Fen;
  readonly description: string;
  readonly attach: string;
  readonly openid: string;
  /** Null while nobody has paid. */
  readonly transactionId: string | null;
  readonly createdAtMs: number;
  readonly paidAtMs: number | null;
  /** How often the user closed the payment window without paying. */
  readonly refusals: number;
  readonly notice: NoticeState;
}

/** A refund, for assertions. */
export interface SimulatedRefund {
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly status: RefundStatus;
  readonly refundFen: Fen;
  readonly totalFen: Fen;
  readonly reason: string;
  readonly createdAtMs: number;
  /** Null until it succeeded. */
  readonly successAtMs: number | null;
  readonly notice: NoticeState;
}

/** What the simulator remembers of a payment. */
export interface PaymentRecord {
  readonly outTradeNo: string;
  readonly totalFen: Fen;
  readonly description: string;
  readonly attach: string;
  readonly openid: string;
  readonly notifyUrl: string;
  /** Of all parameters: a repeated prepay must say the very same. */
  readonly fingerprint: string;
  readonly createdAtMs: number;
  /** When it closes by itself, by the clock on which things grow old. */
  closesAtMs: number;
  closed: boolean;
  paid: Paid | undefined;
  refusals: number;
  readonly refunds: RefundRecord[];
  notice: NoticeState;
}

interface Paid {
  readonly transactionId: string;
  /** What others are told. */
  readonly atMs: number;
  /** The same moment on the clock on which things grow old. */
  readonly agedFromMs: number;
}

/** What the simulator remembers of a refund. */
export interface RefundRecord {
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly payment: PaymentRecord;
  readonly transactionId: string;
  readonly refundFen: Fen;
  readonly reason: string;
  /** Empty when nobody is to be told. */
  readonly notifyUrl: string;
  readonly fingerprint: string;
  readonly createdAtMs: number;
  status: RefundStatus;
  successAtMs: number | null;
  notice: NoticeState;
}

/** @param nowMs by the clock on which things grow old. */
export function stateOf(payment: PaymentRecord, nowMs: number): TradeState {
  if (payment.paid === undefined) return payment.closed || nowMs >= payment.closesAtMs ? 'CLOSED' : 'NOTPAY';
  return payment.refunds.some(({ status }) => status !== 'CLOSED') ? 'REFUND' : 'SUCCESS';
}

/** What was given back, or is on its way. Money of an abnormal refund is not the merchant's any more. */
export function refundedFenOf({ refunds }: PaymentRecord): Fen {
  return refunds.reduce((sum, { status, refundFen }) => (status === 'CLOSED' ? sum : sum + refundFen), 0);
}

export function describePayment(payment: PaymentRecord, nowMs: number): SimulatedPayment {
  return {
    outTradeNo: payment.outTradeNo,
    state: stateOf(payment, nowMs),
    totalFen: payment.totalFen,
    refundedFen: refundedFenOf(payment),
    description: payment.description,
    attach: payment.attach,
    openid: payment.openid,
    transactionId: payment.paid?.transactionId ?? null,
    createdAtMs: payment.createdAtMs,
    paidAtMs: payment.paid?.atMs ?? null,
    refusals: payment.refusals,
    notice: payment.notice,
  };
}

export function describeRefund(refund: RefundRecord): SimulatedRefund {
  return {
    outRefundNo: refund.outRefundNo,
    refundId: refund.refundId,
    outTradeNo: refund.payment.outTradeNo,
    transactionId: refund.transactionId,
    status: refund.status,
    refundFen: refund.refundFen,
    totalFen: refund.payment.totalFen,
    reason: refund.reason,
    createdAtMs: refund.createdAtMs,
    successAtMs: refund.successAtMs,
    notice: refund.notice,
  };
}
