import { createHash } from 'node:crypto';
import { errors } from '@maque/contract';
import { type Clock, MINUTE, type Milliseconds } from '@maque/kit';
import type { PayClient, RefundFacts } from '@maque/wechat';
import type { RouteLog } from '../../define/route.ts';
import type { Refund } from '../../define/wechat-services.ts';
import { type Database, DuplicateValueError } from '../../ports/index.ts';
import { nextRefundCheck } from './check-schedule.ts';
import { isPayFault } from './pay-faults.ts';
import type { PaymentBooks } from './payment-books.ts';
import { isPaymentAlert } from './payment-errors.ts';
import type { CheckedRefund } from './payment-input.ts';
import type { PaymentRow, RefundRow, RefundWithPayment } from './payment-schema.ts';
import { findPaidPayments, reserveRefund } from './payment-store.ts';
import { refundOf } from './payment-view.ts';
import { countRefunds, findNamedRefund, findRefund, insertRefund } from './refund-store.ts';

export interface RefundServiceOptions {
  readonly database: Database;
  readonly pay: Pick<PayClient, 'refund' | 'queryRefund'>;
  readonly books: PaymentBooks;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** WeChat Pay's own limit: https://pay.weixin.qq.com, "refund apply", 50 partial refunds of one payment. */
const MOST_REFUNDS = 50;

/** From this age on a refund that WeChat Pay refuses and does not know is refused for good; the first check comes then. */
const SURE_AFTER_MS: Milliseconds = MINUTE;

/** Gives money back. A refund is in the books before WeChat Pay hears of it, and asked for under one number until it ends. */
export class RefundService {
  readonly #options: RefundServiceOptions;

  constructor(options: RefundServiceOptions) {
    this.#options = options;
  }

  /**
   * @throws CodedError PAYMENT_UNKNOWN, REFUND_TOO_LARGE, REFUND_CHANGED, REFUNDS_USED_UP. Not when WeChat Pay does not
   * answer: it is asked again.
   */
  async refund(wanted: CheckedRefund): Promise<Refund> {
    const row = await this.#reserved(wanted);
    if (row.status !== 'pending') return refundOf(row);
    try {
      await this.ask(row);
    } catch (error) {
      if (isPaymentAlert(error)) throw error;
      this.#options.log.warn({ err: error, refund: row.outRefundNo }, 'a refund is asked for again later');
    }
    return refundOf((await findRefund(this.#options.database, row.outRefundNo)) ?? row);
  }

  /** Asks WeChat Pay for a refund and books its answer. @throws WechatPayError, and as the books do. */
  async ask(row: RefundWithPayment): Promise<void> {
    const { books } = this.#options;
    const facts = await this.#request(row);
    await books.entry((entry) =>
      facts === 'refused' ? books.refundEnded(entry, row, 'refused') : books.refund(entry, facts),
    );
  }

  async #request(row: RefundWithPayment): Promise<RefundFacts | 'refused'> {
    const { pay, clock } = this.#options;
    const { outTradeNo, outRefundNo, amountFen: refundFen, paymentFen: totalFen, reason } = row;
    try {
      return await pay.refund({
        ...{ outTradeNo, outRefundNo, refundFen, totalFen },
        ...(reason === null ? {} : { reason }),
      });
    } catch (error) {
      if (!isPayFault(error, 'WECHAT_PAY_CALL_INVALID', 'WECHAT_PAY_RULE_REFUSED', 'WECHAT_PAY_NOT_FOUND'))
        throw error;
      // No later try would do better; but an earlier one, whose answer was lost, may have been taken.
      const known = await pay.queryRefund(outRefundNo);
      if (known !== undefined) return known;
      // One that another worker sends at this moment is refused once and taken once, and not to be found yet.
      if (clock.now() - row.createdAt < SURE_AFTER_MS) throw error;
      return 'refused';
    }
  }

  /** The refund of this name, its money set aside. */
  async #reserved(wanted: CheckedRefund): Promise<RefundWithPayment> {
    const { database } = this.#options;
    const payments = await findPaidPayments(database, wanted.reference);
    for (const { outTradeNo } of payments) {
      const known = await findNamedRefund(database, outTradeNo, wanted.refund);
      if (known !== undefined) return sameRefund(known, wanted);
    }
    const [payment] = payments;
    if (payment === undefined) throw errors.PAYMENT_UNKNOWN();
    try {
      return await this.#reserve(payment, wanted);
    } catch (error) {
      if (!(error instanceof DuplicateValueError)) throw error;
      // Another worker was asked for the same at the same moment.
      const known = await findNamedRefund(database, payment.outTradeNo, wanted.refund);
      if (known === undefined) throw error;
      return sameRefund(known, wanted);
    }
  }

  async #reserve(
    payment: PaymentRow,
    { refund, amountFen, reason }: CheckedRefund,
  ): Promise<RefundWithPayment> {
    const { database, clock } = this.#options;
    const { outTradeNo, reference, userId } = payment;
    const now = Math.floor(clock.now());
    const row: RefundRow = {
      outRefundNo: refundNumber(outTradeNo, refund),
      ...{ outTradeNo, reference: refund, amountFen, reason, status: 'pending', createdAt: now },
      nextCheckAt: nextRefundCheck({ createdAt: now }, now),
    };
    await database.transaction(async (transaction) => {
      if ((await countRefunds(transaction, outTradeNo)) >= MOST_REFUNDS) {
        throw errors.REFUNDS_USED_UP({ data: { max: MOST_REFUNDS } });
      }
      await insertRefund(transaction, row);
      if (!(await reserveRefund(transaction, outTradeNo, amountFen))) throw errors.REFUND_TOO_LARGE();
    });
    return { ...row, paymentReference: reference, userId, paymentFen: payment.amountFen };
  }
}

/**
 * The same name of the same payment is the same number, 128 bits of it: if the books lose a refund (a power cut, a backup
 * that is put back), asking for it again is no second refund to WeChat Pay.
 */
function refundNumber(outTradeNo: string, refund: string): string {
  return createHash('sha256').update(`${outTradeNo}\n${refund}`).digest('hex').slice(0, 32);
}

function sameRefund(known: RefundWithPayment, { amountFen }: CheckedRefund): RefundWithPayment {
  if (known.amountFen !== amountFen) throw errors.REFUND_CHANGED();
  return known;
}
