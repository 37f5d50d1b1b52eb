import { createHash } from 'node:crypto';
import { type Clock, type Milliseconds, withinLimit } from '@maque/kit';
import type { PayClient, PayNotification, RawNotification } from '@maque/wechat';
import { WechatPayError } from '@maque/wechat/pay';
import type { RouteLog } from '../../define/route.ts';
import { rememberDelivery } from './notification-store.ts';
import type { BookEntry, PaymentBooks } from './payment-books.ts';
import { isPaymentAlert, paymentAlerts } from './payment-errors.ts';
import type { NotificationOutcome, PaymentTally } from './payment-tally.ts';

export interface NotificationServiceOptions {
  readonly pay: Pick<PayClient, 'readNotification'>;
  readonly books: PaymentBooks;
  readonly tally: PaymentTally;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** WeChat Pay waits 5 s for an answer. */
const LIMIT_MS: Milliseconds = 4_500;

/** Takes what claims to be a notification of WeChat Pay's. */
export class NotificationService {
  readonly #options: NotificationServiceOptions;

  constructor(options: NotificationServiceOptions) {
    this.#options = options;
  }

  /** Verifies and books it. Never throws, and answers within 4.5 s; `failed` then may still come to be booked. */
  async receive(raw: RawNotification): Promise<NotificationOutcome> {
    const late = () => new Error(`a notification was not booked within ${LIMIT_MS} ms`);
    let outcome: NotificationOutcome;
    try {
      outcome = await withinLimit(this.#book(raw), LIMIT_MS, late);
    } catch (error) {
      outcome = this.#outcomeOf(error);
      this.#options.log.warn({ err: error, outcome }, 'a notification of WeChat Pay was not booked');
    }
    this.#options.tally.notification(outcome);
    return outcome;
  }

  async #book(raw: RawNotification): Promise<NotificationOutcome> {
    const { pay, books, clock } = this.#options;
    const notification = await pay.readNotification(raw);
    const delivery = deliveryOf(raw);
    const hasChanged = await books.entry(async (entry) => {
      const seen = await rememberDelivery(
        entry.connection,
        notification.id,
        delivery,
        Math.floor(clock.now()),
      );
      if (seen === 'replayed') throw paymentAlerts.PAYMENT_NOTIFICATION_REPLAYED();
      return seen === 'new' && this.#bookContent(entry, notification);
    });
    return hasChanged ? 'booked' : 'nothing-new';
  }

  #bookContent(entry: BookEntry, notification: PayNotification): Promise<boolean> | false {
    const { books } = this.#options;
    if (notification.kind === 'transaction') return books.transaction(entry, notification.transaction);
    if (notification.kind === 'refund') return books.refund(entry, notification.refund);
    return false;
  }

  #outcomeOf(error: unknown): NotificationOutcome {
    if (isPaymentAlert(error)) {
      if (error.code === 'PAYMENT_NOTIFICATION_REPLAYED') return 'refused';
      return error.code === 'PAYMENT_HANDLER_FAILED' ? 'failed' : 'mismatch';
    }
    if (!(error instanceof WechatPayError)) return 'failed';
    if (error.code === 'WECHAT_PAY_OTHER_MERCHANT') return 'mismatch';
    return error.kind === 'forged' || error.code === 'WECHAT_PAY_NOTIFICATION_UNREADABLE'
      ? 'refused'
      : 'failed';
  }
}

/** What tells one delivery from the next of the same notification; WeChat Pay's signature covers both headers. */
function deliveryOf({ headers }: RawNotification): string {
  const text = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}`;
  return createHash('sha256').update(text).digest('base64url');
}
