import { type Clock, type CodedError, type Milliseconds, SECOND, withinLimit } from '@maque/kit';
import type { PayClient, RefundFacts, Transaction } from '@maque/wechat';
import type { DataAccess } from '../../define/data.ts';
import type { RouteLog } from '../../define/route.ts';
import type { PaymentContext, WechatHandlers } from '../../define/wechat.ts';
import type { Messages } from '../../define/wechat-services.ts';
import type { Attention } from '../../logging/attention.ts';
import { type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';
import type { Records } from '../records/records.ts';
import { nextRefundCheck } from './check-schedule.ts';
import { isPaymentAlert, paymentAlerts } from './payment-errors.ts';
import type { PaymentRow, RefundRowStatus, RefundWithPayment } from './payment-schema.ts';
import { addRefunded, findPayment, markClosed, markPaid, releaseRefund } from './payment-store.ts';
import type { PaymentTally } from './payment-tally.ts';
import { paymentOf, refundOf } from './payment-view.ts';
import { findRefund, moveRefund } from './refund-store.ts';

export type PaymentHandlers = Pick<WechatHandlers, 'onPaid' | 'onClosed' | 'onRefunded'>;

export interface PaymentBooksOptions {
  readonly records: Pick<Records, 'transaction' | 'accessOf'>;
  /** Whose payments these are. */
  readonly pay: Pick<PayClient, 'appId' | 'mchId'>;
  readonly handlers: PaymentHandlers;
  readonly messages: Messages;
  readonly log: RouteLog;
  readonly attention: Attention;
  readonly tally: PaymentTally;
  readonly clock: Clock;
}

/** One transaction, for the books and for the app's handler alike. */
export interface BookEntry {
  readonly connection: DatabaseConnection;
  readonly db: DataAccess;
}

/**
 * A handler that uses the database alone takes milliseconds; meanwhile nobody else can write, and who waits for 5 s gives up.
 */
const HANDLER_LIMIT_MS: Milliseconds = 2 * SECOND;

const REFUND_STATES: Readonly<Record<RefundFacts['status'], RefundRowStatus>> = {
  PROCESSING: 'pending',
  SUCCESS: 'succeeded',
  ABNORMAL: 'abnormal',
  CLOSED: 'closed',
};

/**
 * Books what WeChat Pay says, from whatever it came: a notification, a query, a refund's answer. Each step is conditional
 * on the state before it, so that any of them may be told again, late, or in another order.
 */
export class PaymentBooks {
  readonly #options: PaymentBooksOptions;

  constructor(options: PaymentBooksOptions) {
    this.#options = options;
  }

  /**
   * Runs `work` in one transaction.
   * @throws CodedError of {@link paymentAlerts} when it must not be booked or the app's handler fails: the operator has
   * been told, and nothing is kept.
   */
  async entry<T>(work: (entry: BookEntry) => Promise<T>): Promise<T> {
    const { records, attention } = this.#options;
    try {
      return await records.transaction((session) =>
        work({ connection: session.connection, db: records.accessOf(session) }),
      );
    } catch (error) {
      if (isPaymentAlert(error)) attention(error);
      throw error;
    }
  }

  /** Answers whether the payment has changed. @throws CodedError of {@link paymentAlerts} */
  async transaction(entry: BookEntry, facts: Transaction): Promise<boolean> {
    const { outTradeNo, tradeState } = facts;
    this.#checkOwner(facts);
    const row = await findPayment(entry.connection, outTradeNo);
    if (row === undefined) throw paymentAlerts.PAYMENT_NOT_IN_BOOKS({ data: { number: outTradeNo } });
    switch (tradeState) {
      case 'SUCCESS':
        return this.#paid(entry, row, facts);
      case 'REFUND': {
        // Paid, and money has gone back since: not by us, who did not know of the payment.
        const isNew = await this.#paid(entry, row, facts);
        const { reference } = row;
        if (isNew) {
          this.#tellsOperator(
            entry,
            paymentAlerts.PAYMENT_REFUNDED_ELSEWHERE({ data: { outTradeNo, reference } }),
          );
        }
        return isNew;
      }
      case 'CLOSED':
      case 'REVOKED':
        return this.closed(entry, row);
      default:
        return false;
    }
  }

  /** A payment that nobody can pay any more, as `row` has it. Answers whether it was pending, and still as it has it. */
  async closed(entry: BookEntry, row: PaymentRow): Promise<boolean> {
    if (!(await markClosed(entry.connection, row))) return false;
    this.#counts(entry, 'closed');
    const payment = paymentOf({ ...row, status: 'closed' });
    await this.#tellApp(entry, 'onClosed', row.outTradeNo, (onClosed, context) => onClosed(payment, context));
    return true;
  }

  /** Answers whether the refund has changed. @throws CodedError of {@link paymentAlerts} */
  async refund(entry: BookEntry, facts: RefundFacts): Promise<boolean> {
    const number = facts.outRefundNo;
    const row = await findRefund(entry.connection, number);
    if (row === undefined) throw paymentAlerts.PAYMENT_NOT_IN_BOOKS({ data: { number } });
    expectSame(number, 'refund', facts.refundFen, row.amountFen);
    expectSame(number, 'out_trade_no', facts.outTradeNo, row.outTradeNo);
    return this.refundEnded(entry, row, REFUND_STATES[facts.status]);
  }

  /** Moves a refund on. What has succeeded, or was ended by WeChat Pay, stays so. Answers whether it has changed. */
  async refundEnded(entry: BookEntry, row: RefundWithPayment, status: RefundRowStatus): Promise<boolean> {
    const { outRefundNo, outTradeNo, amountFen } = row;
    if (status === 'pending' || status === row.status) return false;
    const isOpen = row.status === 'pending' || row.status === 'abnormal';
    if (!isOpen) {
      if (status !== 'succeeded') return false;
      throw mismatch(outRefundNo, 'status', status, row.status);
    }
    const now = this.#now();
    // Where an operator has to say where the money goes, WeChat Pay is asked on: notifications get lost.
    const nextCheckAt = status === 'abnormal' ? nextRefundCheck(row, now) : null;
    if (!(await moveRefund(entry.connection, outRefundNo, row.status, status, nextCheckAt))) return false;
    if (status === 'succeeded') await addRefunded(entry.connection, outTradeNo, amountFen);
    // Of an abnormal refund the money is on its way, though it does not arrive.
    else if (status !== 'abnormal') await releaseRefund(entry.connection, outTradeNo, amountFen);
    this.#counts(entry, status === 'succeeded' ? 'refunded' : 'refund-failed');
    if (status !== 'succeeded') this.#tellsOperator(entry, refundFailed(row, status));
    const refund = refundOf({ ...row, status });
    await this.#tellApp(entry, 'onRefunded', outRefundNo, (onRefunded, context) =>
      onRefunded(refund, context),
    );
    return true;
  }

  async #paid(entry: BookEntry, row: PaymentRow, facts: Transaction): Promise<boolean> {
    const { outTradeNo, reference } = row;
    const { transactionId } = facts;
    expectSame(outTradeNo, 'total', facts.totalFen, row.amountFen);
    if (transactionId === null)
      throw mismatch(outTradeNo, 'transaction_id', transactionId, row.transactionId);
    if (row.status === 'paid') {
      expectSame(outTradeNo, 'transaction_id', transactionId, row.transactionId);
      return false;
    }
    const paidAt = facts.successAtMs ?? this.#now();
    if (!(await keepPaid(entry.connection, row, transactionId, paidAt))) return false;
    this.#counts(entry, 'paid');
    if (row.status === 'closed') {
      this.#tellsOperator(entry, paymentAlerts.PAYMENT_PAID_LATE({ data: { outTradeNo, reference } }));
    }
    const payment = paymentOf({ ...row, status: 'paid', transactionId, paidAt });
    await this.#tellApp(entry, 'onPaid', outTradeNo, (onPaid, context) => onPaid(payment, context));
    return true;
  }

  async #tellApp<Name extends keyof PaymentHandlers>(
    { db }: BookEntry,
    name: Name,
    number: string,
    call: (handler: NonNullable<PaymentHandlers[Name]>, context: PaymentContext) => Promise<void>,
  ): Promise<void> {
    const { handlers, messages, log } = this.#options;
    const handler = handlers[name];
    if (handler === undefined) return;
    const context = { db, messages: messagesIn(db, messages), log };
    try {
      await withinLimit(
        call(handler, context),
        HANDLER_LIMIT_MS,
        () => new Error(`it took longer than ${HANDLER_LIMIT_MS} ms`),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw paymentAlerts.PAYMENT_HANDLER_FAILED({ data: { handler: name, number, reason }, cause: error });
    }
  }

  #checkOwner({ appId, mchId, outTradeNo }: Transaction): void {
    expectSame(outTradeNo, 'appid', appId, this.#options.pay.appId);
    expectSame(outTradeNo, 'mchid', mchId, this.#options.pay.mchId);
  }

  #now(): number {
    return Math.floor(this.#options.clock.now());
  }

  #counts({ connection }: BookEntry, event: Parameters<PaymentTally['event']>[0]): void {
    connection.afterCommit(() => this.#options.tally.event(event));
  }

  #tellsOperator({ connection }: BookEntry, error: CodedError): void {
    connection.afterCommit(() => this.#options.attention(error));
  }
}

/** Messages that are part of the handler's transaction also when it does not say so: any other would wait for its own end. */
function messagesIn(db: DataAccess, messages: Messages): Messages {
  return {
    send: (message, tx = db) => messages.send(message, tx),
    accepted: (userId, templateIds) => messages.accepted(userId, templateIds),
  };
}

async function keepPaid(
  connection: DatabaseConnection,
  row: PaymentRow,
  transactionId: string,
  paidAt: number,
): Promise<boolean> {
  try {
    return await markPaid(connection, row, transactionId, paidAt);
  } catch (error) {
    if (!(error instanceof DuplicateValueError) || !error.target.includes('transactionId')) throw error;
    throw mismatch(row.outTradeNo, 'transaction_id', transactionId, 'of another payment', error);
  }
}

function expectSame(number: string, field: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw mismatch(number, field, found, expected);
}

function mismatch(
  number: string,
  field: string,
  found: unknown,
  expected: unknown,
  cause?: unknown,
): CodedError {
  return paymentAlerts.PAYMENT_MISMATCH({ data: { number, field, found, expected }, cause });
}

function refundFailed(row: RefundWithPayment, status: RefundRowStatus): CodedError {
  const { outRefundNo, amountFen, paymentReference: reference } = row;
  return paymentAlerts.REFUND_FAILED({ data: { outRefundNo, amountFen, reference, status } });
}
