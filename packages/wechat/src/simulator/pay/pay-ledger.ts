import { HOUR, type Milliseconds } from '@maque/kit';
import { BoundedMap } from '../bounded-map.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import { type PaymentRecord, type RefundRecord, stateOf } from './pay-records.ts';

const PREPAY_LIFETIME: Milliseconds = 2 * HOUR;

/** All payments and refunds of the merchant. */
export class PayLedger {
  readonly #payments = new Map<string, PaymentRecord>();
  readonly #byTransaction = new Map<string, PaymentRecord>();
  readonly #refunds = new Map<string, RefundRecord>();
  readonly #prepays: BoundedMap<{ readonly outTradeNo: string; readonly endsAtMs: number }>;
  readonly #clock: SimulatorClock;
  readonly #maxRecords: number;

  /**
   * @param maxRecords how many payments and refunds together are remembered; of a new one too many, the oldest payment
   * that is finished is forgotten with its refunds.
   * @throws RangeError when it is not a positive integer
   */
  constructor(clock: SimulatorClock, maxRecords: number) {
    this.#clock = clock;
    this.#maxRecords = maxRecords;
    this.#prepays = new BoundedMap(maxRecords);
  }

  addPayment(payment: PaymentRecord): void {
    this.#payments.set(payment.outTradeNo, payment);
    this.#forget();
  }

  /** Gives the payment its transaction number. */
  markPaid(payment: PaymentRecord, transactionId: string): void {
    payment.paid = { transactionId, atMs: this.#clock.told(), agedFromMs: this.#clock.now() };
    this.#byTransaction.set(transactionId, payment);
  }

  addRefund(refund: RefundRecord): void {
    refund.payment.refunds.push(refund);
    this.#refunds.set(refund.outRefundNo, refund);
    this.#forget();
  }

  /** Makes a prepay id count for two hours. */
  addPrepay(prepayId: string, { outTradeNo }: PaymentRecord): void {
    this.#prepays.set(prepayId, { outTradeNo, endsAtMs: this.#clock.now() + PREPAY_LIFETIME });
  }

  payment(outTradeNo: string): PaymentRecord | undefined {
    return this.#payments.get(outTradeNo);
  }

  paymentOfTransaction(transactionId: string): PaymentRecord | undefined {
    return this.#byTransaction.get(transactionId);
  }

  /** Undefined when there is no such prepay id, or not any more. */
  paymentOfPrepay(prepayId: string): PaymentRecord | undefined {
    const prepay = this.#prepays.get(prepayId);
    if (prepay === undefined || this.#clock.now() >= prepay.endsAtMs) return undefined;
    return this.#payments.get(prepay.outTradeNo);
  }

  refund(outRefundNo: string): RefundRecord | undefined {
    return this.#refunds.get(outRefundNo);
  }

  /** The oldest first. */
  payments(): Iterable<PaymentRecord> {
    return this.#payments.values();
  }

  /** The oldest first. */
  refunds(): Iterable<RefundRecord> {
    return this.#refunds.values();
  }

  #forget(): void {
    while (this.#payments.size > 1 && this.#payments.size + this.#refunds.size > this.#maxRecords) {
      const oldest = this.#oldestFinished();
      if (oldest === undefined) return;
      this.#payments.delete(oldest.outTradeNo);
      if (oldest.paid !== undefined) this.#byTransaction.delete(oldest.paid.transactionId);
      for (const { outRefundNo } of oldest.refunds) this.#refunds.delete(outRefundNo);
    }
  }

  /** When none is finished, the oldest of all: the bound counts more. */
  #oldestFinished(): PaymentRecord | undefined {
    const nowMs = this.#clock.now();
    for (const payment of this.#payments.values()) if (isFinished(payment, nowMs)) return payment;
    const [oldest] = this.#payments.values();
    return oldest;
  }
}

function isFinished(payment: PaymentRecord, nowMs: number): boolean {
  const told = payment.notice !== 'pending';
  const settled = payment.refunds.every(
    ({ status, notice }) => status !== 'PROCESSING' && notice !== 'pending',
  );
  return stateOf(payment, nowMs) !== 'NOTPAY' && told && settled;
}
