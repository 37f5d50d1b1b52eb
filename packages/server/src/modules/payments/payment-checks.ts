import { type Clock, CodedError, DAY, HOUR, type Milliseconds, SECOND } from '@maque/kit';
import type { PayClient } from '@maque/wechat';
import type { RouteLog } from '../../define/route.ts';
import type { Attention } from '../../logging/attention.ts';
import type { Database } from '../../ports/index.ts';
import { nextPaymentCheck, nextRefundCheck } from './check-schedule.ts';
import { isPayOutage } from './pay-faults.ts';
import type { PaymentBooks } from './payment-books.ts';
import { paymentAlerts } from './payment-errors.ts';
import type { PaymentRow, RefundWithPayment } from './payment-schema.ts';
import type { PaymentSettler } from './payment-settler.ts';
import { countUnpaid, findDuePayments, planPaymentCheck } from './payment-store.ts';
import type { PaymentTally } from './payment-tally.ts';
import type { RefundService } from './refund-service.ts';
import { findDueRefunds, planRefundCheck } from './refund-store.ts';

export interface PaymentChecksOptions {
  readonly database: Database;
  readonly pay: Pick<PayClient, 'queryRefund'>;
  readonly books: PaymentBooks;
  readonly settler: PaymentSettler;
  readonly refunds: RefundService;
  readonly tally: PaymentTally;
  readonly attention: Attention;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** Rows read at once: some 10 KiB. */
const BATCH = 50;
/** Questions to WeChat Pay at once. It allows hundreds a second; nobody waits for these. */
const AT_ONCE = 4;
/** A turn begins no new question after this: shorter than the interval of turns, so that they do not pile up. */
const TURN_MS: Milliseconds = 10 * SECOND;

/** Asks WeChat Pay about whatever got no notification: payments that are open, refunds that have not ended. */
export class PaymentChecks {
  readonly #options: PaymentChecksOptions;

  constructor(options: PaymentChecksOptions) {
    this.#options = options;
  }

  /** Works on what is due, for 10 s at most; the rest is due at the next turn. */
  async turn(signal: AbortSignal): Promise<void> {
    const { database, tally, clock } = this.#options;
    const endsAtMs = clock.monotonic() + TURN_MS;
    const mayGoOn = () => !signal.aborted && clock.monotonic() < endsAtMs;
    await this.#all(
      mayGoOn,
      findDuePayments,
      (row) => this.#checkPayment(row),
      (row, at) => this.#planPayment(row, at),
    );
    await this.#all(
      mayGoOn,
      findDueRefunds,
      (row) => this.#checkRefund(row),
      (row, at) => this.#planRefund(row, at),
    );
    tally.counted(await countUnpaid(database, clock.now() - HOUR));
  }

  /** Checks what is due, batch by batch. Each is planned anew before it is asked about, so that none blocks the others. */
  async #all<Row extends object>(
    mayGoOn: () => boolean,
    findDue: (database: Database, nowMs: number, limit: number) => Promise<readonly Row[]>,
    check: (row: Row) => Promise<void>,
    plan: (row: Row, nowMs: number) => Promise<void>,
  ): Promise<void> {
    const { database, clock } = this.#options;
    let mustWait = false;
    const one = async (row: Row) => {
      await plan(row, Math.floor(clock.now()));
      try {
        await check(row);
      } catch (error) {
        // A handler of the app's that hangs holds the database: one try a turn is enough.
        mustWait ||= isPayOutage(error) || hasCode(error, 'PAYMENT_HANDLER_FAILED');
        this.#logFault(error, row);
      }
    };
    while (mayGoOn() && !mustWait) {
      const due = await findDue(database, clock.now(), BATCH);
      if (due.length === 0) return;
      await inParallel(due, AT_ONCE, one, () => mayGoOn() && !mustWait);
    }
  }

  async #checkPayment(row: PaymentRow): Promise<void> {
    const { settler, clock } = this.#options;
    if (row.expiresAt <= clock.now()) await settler.close(row);
    else await settler.ask(row);
  }

  async #checkRefund(row: RefundWithPayment): Promise<void> {
    const { pay, books, refunds } = this.#options;
    const facts = await pay.queryRefund(row.outRefundNo);
    if (facts !== undefined) await books.entry((entry) => books.refund(entry, facts));
    // Our question, or WeChat's taking it, was lost on the way.
    else if (row.status === 'pending') await refunds.ask(row);
  }

  async #planPayment(row: PaymentRow, nowMs: number): Promise<void> {
    const { database, attention } = this.#options;
    const { outTradeNo, reference, expiresAt } = row;
    await planPaymentCheck(database, outTradeNo, nextPaymentCheck(row, nowMs));
    // Checks are an hour apart by then, so this is told once.
    const overdueMs = nowMs - expiresAt - DAY;
    if (overdueMs >= 0 && overdueMs < HOUR)
      attention(paymentAlerts.PAYMENT_STUCK({ data: { outTradeNo, reference } }));
  }

  async #planRefund(row: RefundWithPayment, nowMs: number): Promise<void> {
    const { database, attention } = this.#options;
    const { outRefundNo, amountFen, paymentReference: reference } = row;
    const at = nextRefundCheck(row, nowMs);
    await planRefundCheck(database, row, at);
    if (at === null) attention(paymentAlerts.REFUND_STUCK({ data: { outRefundNo, amountFen, reference } }));
  }

  #logFault(error: unknown, row: object): void {
    const { outTradeNo, outRefundNo } = row as { outTradeNo?: string; outRefundNo?: string };
    this.#options.log.warn({ err: error, outTradeNo, outRefundNo }, 'a payment could not be checked');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof CodedError && error.code === code;
}

/** Works on all items, `atOnce` at a time, as long as it may go on. */
async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) {
      if (!mayGoOn()) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
