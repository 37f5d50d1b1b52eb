import type { PushMessage } from '@maque/wechat/push';
import type { Data, DataAccess } from './data.ts';
import type { RouteLog } from './route.ts';
import type { Messages, Payment, Refund, WechatServices } from './wechat-services.ts';

/** What handlers of money are given. `db` is the transaction in which the payment itself changes. */
export interface PaymentContext {
  readonly db: DataAccess;
  /** `messages.send(message, db)` goes out exactly if the payment is booked. */
  readonly messages: Messages;
  readonly log: RouteLog;
}

export interface PushContext {
  readonly db: Data;
  readonly wechat: WechatServices;
  readonly log: RouteLog;
  /** Aborted after a minute and when the server stops: what goes on is done once more, by another worker. */
  readonly signal: AbortSignal;
}

/** What an app does with what WeChat tells it. */
export interface WechatHandlers {
  /**
   * Somebody has paid. Runs once for each payment, in the very transaction that marks it paid: what it writes and the mark
   * are kept together or not at all. When it throws, nothing is kept and WeChat is asked to tell it again. Keep it short,
   * and ask nobody outside: slow work follows from what is written here.
   */
  readonly onPaid?: (payment: Payment, context: PaymentContext) => Promise<void>;
  /**
   * A payment ended without money: it expired or was closed. Not told when `payments.open` puts a new number in its place.
   * In its transaction, as `onPaid`.
   */
  readonly onClosed?: (payment: Payment, context: PaymentContext) => Promise<void>;
  /**
   * A refund came to its end: `succeeded`, or `failed` and somebody must look, after which it may still succeed. In its
   * transaction, as `onPaid`.
   */
  readonly onRefunded?: (refund: Refund, context: PaymentContext) => Promise<void>;
  /**
   * WeChat pushed a message or an event. Runs after it was answered, for each at least once (again when it throws, up to
   * ten times), in any order.
   */
  readonly onPush?: (message: PushMessage, context: PushContext) => Promise<void>;
}
