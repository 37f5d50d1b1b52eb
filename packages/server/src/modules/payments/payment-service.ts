import { errors } from '@maque/contract';
import { type Clock, MINUTE, type Milliseconds, RecentMap, SECOND } from '@maque/kit';
import type { PayClient } from '@maque/wechat';
import type { NewPayment, NewRefund, Payment, Payments, Refund } from '../../define/wechat-services.ts';
import { type Database, DuplicateValueError } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { CallGate } from '../wechat/call-gate.ts';
import { nextPaymentCheck } from './check-schedule.ts';
import { isPayFault, payFaultForCallers } from './pay-faults.ts';
import { type CheckedPayment, checkedPayment, checkedRefund } from './payment-input.ts';
import type { PaymentRow } from './payment-schema.ts';
import type { PaymentSettler } from './payment-settler.ts';
import {
  findActivePayment,
  findNewestPayment,
  insertPayment,
  keepPrepay,
  markClosed,
} from './payment-store.ts';
import type { PaymentTally } from './payment-tally.ts';
import { paymentOf } from './payment-view.ts';
import type { RefundService } from './refund-service.ts';

export interface PaymentServiceOptions {
  readonly database: Database;
  readonly pay: Pick<PayClient, 'prepay' | 'paymentParameters'>;
  readonly settler: PaymentSettler;
  readonly refunds: RefundService;
  readonly gate: CallGate;
  /** The openid of a user under this mini-program. */
  readonly openidOf: (userId: string) => Promise<string | undefined>;
  readonly tally: PaymentTally;
  readonly clock: Clock;
}

/** A prepay id is not handed out in its last minutes: the user still has to type a password. */
const PREPAY_MARGIN_MS: Milliseconds = 5 * MINUTE;
/** Each round after the first means that somebody else has changed the payment meanwhile. */
const MOST_ROUNDS = 4;

/** Of one payment, by whoever waits for it. */
const ASK_AGAIN_MS: Milliseconds = 2 * SECOND;
/** Some 100 KB; who is forgotten is just asked about again. */
const MOST_ASKED = 1_000;

/** What apps do with payments; see `Payments`. */
export class PaymentService implements Payments {
  readonly #options: PaymentServiceOptions;
  readonly #askedAtMs = new RecentMap<string, Milliseconds>(MOST_ASKED);

  constructor(options: PaymentServiceOptions) {
    this.#options = options;
  }

  async open(input: NewPayment): ReturnType<Payments['open']> {
    const wanted = checkedPayment(input);
    const openid = await this.#options.openidOf(wanted.userId);
    if (openid === undefined) throw errors.WECHAT_USER_UNKNOWN();
    return this.#asking(() => this.#open(wanted, openid));
  }

  async find(reference: string): Promise<Payment | undefined> {
    const row = await this.#find(reference);
    return row === undefined ? undefined : paymentOf(row);
  }

  async refresh(reference: string): Promise<Payment | undefined> {
    const row = await this.#find(reference);
    if (row === undefined) return undefined;
    if (row.status === 'paid' || this.#wasJustAsked(row)) return paymentOf(row);
    await this.#asking(() => this.#options.settler.ask(row));
    return this.find(reference);
  }

  async close(reference: string): Promise<Payment | undefined> {
    const row = await findActivePayment(this.#options.database, reference);
    if (row?.status === 'pending') await this.#asking(() => this.#options.settler.close(row));
    return this.find(reference);
  }

  async refund(input: NewRefund): Promise<Refund> {
    const wanted = checkedRefund(input);
    return this.#asking(() => this.#options.refunds.refund(wanted));
  }

  /** Impatient users ask again and again; WeChat Pay has nothing new within two seconds. */
  #wasJustAsked({ outTradeNo }: PaymentRow): boolean {
    const nowMs = this.#options.clock.monotonic();
    const askedAtMs = this.#askedAtMs.get(outTradeNo);
    if (askedAtMs !== undefined && nowMs - askedAtMs < ASK_AGAIN_MS) return true;
    this.#askedAtMs.set(outTradeNo, nowMs);
    return false;
  }

  async #find(reference: string): Promise<PaymentRow | undefined> {
    const { database } = this.#options;
    // Somebody may have paid an older number than the newest.
    return (await findActivePayment(database, reference)) ?? findNewestPayment(database, reference);
  }

  async #open(wanted: CheckedPayment, openid: string): ReturnType<Payments['open']> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const row = await this.#openRow(wanted, openid);
      const prepayId = row === undefined ? undefined : await this.#prepayIdOf(row, wanted, openid);
      if (row === undefined || prepayId === undefined) continue;
      return { payment: paymentOf(row), parameters: this.#options.pay.paymentParameters(prepayId) };
    }
    throw errors.OVERLOADED({ retryAfterSeconds: 1 });
  }

  /** The open payment of a reference, made if there is none; undefined when somebody else was faster. */
  async #openRow(wanted: CheckedPayment, openid: string): Promise<PaymentRow | undefined> {
    const { database, clock } = this.#options;
    const row = await findActivePayment(database, wanted.reference);
    if (row === undefined) return this.#insert(wanted, openid);
    if (row.status === 'paid') throw errors.PAYMENT_DONE();
    if (row.expiresAt <= clock.now()) return this.#replace(row, wanted, openid);
    if (row.amountFen !== wanted.amountFen || row.userId !== wanted.userId) throw errors.PAYMENT_CHANGED();
    return row;
  }

  async #insert(wanted: CheckedPayment, openid: string): Promise<PaymentRow | undefined> {
    const row = this.#newRow(wanted, openid);
    try {
      await insertPayment(this.#options.database, row);
    } catch (error) {
      if (error instanceof DuplicateValueError) return undefined;
      throw error;
    }
    this.#options.tally.event('opened');
    return row;
  }

  /** Puts a new number in the place of one that cannot be paid any more. What is paid for goes on, so no app is told. */
  async #replace(row: PaymentRow, wanted: CheckedPayment, openid: string): Promise<PaymentRow | undefined> {
    const { database, settler, tally } = this.#options;
    if (!(await settler.endAtWechat(row))) throw errors.PAYMENT_DONE();
    const next = this.#newRow(wanted, openid);
    return database.transaction(async (transaction) => {
      if (!(await markClosed(transaction, row))) return undefined;
      await insertPayment(transaction, next);
      transaction.afterCommit(() => {
        tally.event('closed');
        tally.event('opened');
      });
      return next;
    });
  }

  #newRow(
    { reference, userId, amountFen, description, expiresInMs }: CheckedPayment,
    openid: string,
  ): PaymentRow {
    const now = Math.floor(this.#options.clock.now());
    const times = { createdAt: now, expiresAt: now + expiresInMs };
    return {
      outTradeNo: newRecordId(now),
      ...{ reference, userId, openid, amountFen, description, ...times },
      status: 'pending',
      nextCheckAt: nextPaymentCheck(times, now),
      ...{ transactionId: null, prepayId: null, prepayGoodUntil: null, refundedFen: 0, paidAt: null },
    };
  }

  /** What the payment can be paid with; undefined when it cannot be paid any more, and has been dealt with. */
  async #prepayIdOf(row: PaymentRow, wanted: CheckedPayment, openid: string): Promise<string | undefined> {
    const { database, pay, settler, clock } = this.#options;
    if (row.prepayId !== null && (row.prepayGoodUntil ?? 0) > clock.now()) return row.prepayId;
    const { outTradeNo, description, amountFen, expiresAt } = row;
    try {
      const request = { outTradeNo, description, amountFen, openid: row.openid, expiresAtMs: expiresAt };
      const { prepayId, validForMs } = await pay.prepay(request);
      const goodUntil = Math.floor(clock.now() + validForMs - PREPAY_MARGIN_MS);
      if (await keepPrepay(database, outTradeNo, prepayId, goodUntil)) return prepayId;
      // It was closed while WeChat was asked, which did not know of it then.
      await settler.endAtWechat(row);
    } catch (error) {
      if (!isPayFault(error, 'WECHAT_PAY_NUMBER_TAKEN', 'WECHAT_PAY_CLOSED', 'WECHAT_PAY_ALREADY_PAID'))
        throw error;
      await this.#replace(row, wanted, openid);
    }
    return undefined;
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#options.gate.pass(work);
    } catch (error) {
      throw payFaultForCallers(error);
    }
  }
}
