import { type Clock, DAY, HOUR, type Milliseconds } from '@maque/kit';
import type { BillRow, PayClient } from '@maque/wechat';
import type { RouteLog } from '../../define/route.ts';
import type { Attention } from '../../logging/attention.ts';
import type { Database } from '../../ports/index.ts';
import { billDays, chinaDayStart } from './bill-days.ts';
import {
  BILL_BATCH,
  clearTicks,
  comparedBills,
  findBilledPayments,
  findBilledRefunds,
  findUnbilled,
  firstPaymentAt,
  keepComparison,
  tickOff,
} from './bill-store.ts';
import { isPayFault } from './pay-faults.ts';
import { paymentAlerts } from './payment-errors.ts';
import type { PaymentSettler } from './payment-settler.ts';
import { findPayment } from './payment-store.ts';

export interface BillComparisonOptions {
  readonly database: Database;
  readonly pay: Pick<PayClient, 'appId' | 'tradeBill'>;
  readonly settler: PaymentSettler;
  readonly attention: Attention;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** A bill that is not there so long after it should be is that of a day without trade. */
const PATIENCE_MS: Milliseconds = DAY + 16 * HOUR;
/** Differences that are written to the log, of each bill. */
const MOST_LINES = 100;

type Difference = 'unknown' | 'amounts' | 'unpaid' | 'missing' | 'refunds';

/** Compares WeChat Pay's bill of each day with the books. It never changes what was paid: it asks, books or tells. */
export class BillComparison {
  readonly #options: BillComparisonOptions;

  constructor(options: BillComparisonOptions) {
    this.#options = options;
  }

  /**
   * Compares the oldest bill that is there and was not compared; the next one where that cannot be read. Bills are read
   * line by line, whatever their size. @throws what the oldest one failed with, when none could be compared.
   */
  async turn(signal: AbortSignal): Promise<void> {
    const { database, log, clock } = this.#options;
    const first = await firstPaymentAt(database);
    if (first === undefined) return;
    const days = billDays(first, clock.now());
    const compared = await comparedBills(database, days[0] ?? '');
    const failures: unknown[] = [];
    for (const date of days.filter((day) => !compared.has(day))) {
      try {
        await this.#compare(date, signal);
        return;
      } catch (error) {
        log.warn({ err: error, bill: date }, 'a bill could not be compared; the next one is');
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async #compare(date: string, signal: AbortSignal): Promise<void> {
    const { database, attention, clock } = this.#options;
    const found = new Differences(date, this.#options.log);
    const start = chinaDayStart(date);
    await clearTicks(database, start, start + DAY, date);
    if (!(await this.#readBill(date, found, signal))) return;
    const missing = await findUnbilled(database, start, start + DAY, MOST_LINES);
    found.addMissing(missing);
    // Two turns at once: the first one tells.
    if (!(await keepComparison(database, date, Math.floor(clock.now()), found.total))) return;
    if (found.total > 0) attention(paymentAlerts.PAYMENT_BILL_DIFFERS({ data: { date, ...found.counts } }));
  }

  /** Answers false when it could not be read to its end, and is to be read again later. */
  async #readBill(date: string, found: Differences, signal: AbortSignal): Promise<boolean> {
    const { pay, clock } = this.#options;
    let rows: BillRow[] = [];
    try {
      for await (const row of pay.tradeBill(date)) {
        if (signal.aborted) return false;
        // A merchant may have other mini-programs, whose payments are in books of their own.
        if (row.appId === pay.appId) rows.push(row);
        if (rows.length < BILL_BATCH) continue;
        await this.#compareRows(rows, date, found);
        rows = [];
      }
    } catch (error) {
      const isEmpty = clock.now() >= chinaDayStart(date) + PATIENCE_MS;
      if (isPayFault(error, 'WECHAT_PAY_BILL_NOT_THERE')) return isEmpty;
      throw error;
    }
    await this.#compareRows(rows, date, found);
    return true;
  }

  async #compareRows(rows: readonly BillRow[], date: string, found: Differences): Promise<void> {
    const payments = rows.filter(({ kind }) => kind === 'payment');
    const refunds = rows.filter(({ kind }) => kind === 'refund');
    if (payments.length > 0) await this.#comparePayments(payments, date, found);
    if (refunds.length > 0) await this.#compareRefunds(refunds, found);
  }

  async #comparePayments(rows: readonly BillRow[], date: string, found: Differences): Promise<void> {
    const { database } = this.#options;
    const numbers = rows.map(({ outTradeNo }) => outTradeNo);
    const known = await findBilledPayments(database, numbers);
    for (const { outTradeNo, amountFen } of rows) {
      const ours = known.get(outTradeNo);
      if (ours === undefined) found.add('unknown', { outTradeNo, amountFen });
      else if (ours.amountFen !== amountFen) {
        found.add('amounts', { outTradeNo, amountFen, expectedFen: ours.amountFen });
      } else if (ours.status !== 'paid') {
        found.add('unpaid', { outTradeNo, amountFen });
        await this.#bookNow(outTradeNo);
      }
    }
    await tickOff(database, numbers, date);
  }

  async #compareRefunds(rows: readonly BillRow[], found: Differences): Promise<void> {
    const known = await findBilledRefunds(
      this.#options.database,
      rows.map(({ outRefundNo }) => outRefundNo),
    );
    for (const { outTradeNo, outRefundNo, refundFen } of rows) {
      const expectedFen = known.get(outRefundNo);
      if (expectedFen !== refundFen)
        found.add('refunds', { outTradeNo, outRefundNo, refundFen, expectedFen });
    }
  }

  /** What the bill has as paid and the books have not: WeChat Pay is asked, whose answer is signed. */
  async #bookNow(outTradeNo: string): Promise<void> {
    const { database, settler, log } = this.#options;
    const row = await findPayment(database, outTradeNo);
    if (row === undefined) return;
    try {
      await settler.ask(row);
    } catch (error) {
      log.warn({ err: error, outTradeNo }, 'a payment of the bill could not be booked');
    }
  }
}

/** Counts what differs, and writes the first of it to the log. */
class Differences {
  readonly counts: Record<Difference, number> = { unknown: 0, amounts: 0, unpaid: 0, missing: 0, refunds: 0 };
  readonly #date: string;
  readonly #log: RouteLog;

  constructor(date: string, log: RouteLog) {
    this.#date = date;
    this.#log = log;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  add(difference: Difference, facts: object): void {
    this.#write(difference, facts);
    this.counts[difference] += 1;
  }

  addMissing({
    count,
    outTradeNos,
  }: {
    readonly count: number;
    readonly outTradeNos: readonly string[];
  }): void {
    if (count > 0) this.#write('missing', { outTradeNos });
    this.counts.missing += count;
  }

  #write(difference: Difference, facts: object): void {
    if (this.total >= MOST_LINES) return;
    this.#log.warn({ bill: this.#date, difference, ...facts }, 'the bill and the books differ');
  }
}
