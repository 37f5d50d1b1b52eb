import type {
  Fen,
  LinkRequest,
  MediaCheckRequest,
  PaymentParameters,
  QrCode,
  QrCodeRequest,
  Shipping,
  TextCheckRequest,
  TextVerdict,
} from '@maque/wechat';
import type { DataAccess } from './data.ts';

export type PaymentStatus = 'pending' | 'paid' | 'closed';

/** A payment in this server's own books. */
export interface Payment {
  /** The number that WeChat Pay knows it by. */
  readonly outTradeNo: string;
  /** What it is for, in the app's words: an order's id. */
  readonly reference: string;
  readonly userId: string;
  readonly amountFen: Fen;
  readonly description: string;
  readonly status: PaymentStatus;
  /** WeChat Pay's number; null until it is paid. */
  readonly transactionId: string | null;
  /** What has gone back for certain; refunds that are under way are not in it. */
  readonly refundedFen: Fen;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly paidAt: string | null;
}

export type RefundState = 'pending' | 'succeeded' | 'failed';

export interface Refund {
  readonly outRefundNo: string;
  /** What it is for, in the app's words: unique within its payment. */
  readonly reference: string;
  readonly payment: Pick<Payment, 'outTradeNo' | 'reference' | 'userId' | 'amountFen'>;
  readonly amountFen: Fen;
  readonly status: RefundState;
  readonly createdAt: string;
}

export interface NewPayment {
  /** An order's id, say: 1 to 64 characters. One payment of it is open at a time, and one is paid at most. */
  readonly reference: string;
  readonly userId: string;
  readonly amountFen: Fen;
  /** What the user reads when paying: 1 to 127 characters. */
  readonly description: string;
  /** How long it may be paid: 30 minutes unless told, 1 minute to 2 hours. */
  readonly expiresInMs?: number;
}

export interface NewRefund {
  /** Of the payment. */
  readonly reference: string;
  /** Names this refund: the same name again is the same refund, and is not paid out twice. 1 to 64 characters. */
  readonly refund: string;
  readonly amountFen: Fen;
  /** What the user reads: at most 80 characters. */
  readonly reason?: string;
}

/** Money by WeChat Pay. Not inside a transaction: these ask WeChat and wait. */
export interface Payments {
  /**
   * Opens a payment, or finds the open one of the same reference, and answers what `wx.requestPayment` needs. One that can
   * no longer be paid is replaced by a new number.
   * @throws CodedError PAYMENT_DONE when it is paid already, PAYMENT_CHANGED when the open one has another amount or user,
   * WECHAT_USER_UNKNOWN when the user has no openid, PAYMENTS_OFF without a merchant account, WECHAT_UNAVAILABLE when
   * WeChat Pay does not answer, VALIDATION_FAILED.
   */
  open(payment: NewPayment): Promise<{ readonly payment: Payment; readonly parameters: PaymentParameters }>;
  /** The paid or open one of a reference, else its newest; from our books. */
  find(reference: string): Promise<Payment | undefined>;
  /** Asks WeChat Pay now, and books what it says: for a user who has come back and waits. */
  refresh(reference: string): Promise<Payment | undefined>;
  /** Ends an open payment, so that nobody can pay it any more; answers `paid` if somebody just has. */
  close(reference: string): Promise<Payment | undefined>;
  /**
   * Gives money back; accepted is not done, see `onRefunded`. It is in our books at once, and WeChat Pay is asked until it
   * answers, so a refund that is `pending` needs nothing more. One that has `failed` is tried again under another name.
   * @throws CodedError PAYMENT_UNKNOWN when nothing was paid, REFUND_TOO_LARGE when all refunds together exceed the
   * payment, REFUND_CHANGED when the one of this name has another amount, REFUNDS_USED_UP after 50 of one payment.
   */
  refund(refund: NewRefund): Promise<Refund>;
}

/** A message to one user, by a template that the mini-program has chosen in WeChat's console. */
export interface NewMessage {
  readonly userId: string;
  readonly templateId: string;
  /** By the template's keys: `{ thing1: '…', time3: '…' }`. Checked by WeChat's rules of each kind; `thing` is cut to fit. */
  readonly data: Readonly<Record<string, string | number>>;
  /** Of the mini-program: what a tap on the message opens. */
  readonly page?: string;
  /** A message of this key is sent once: `order-42-shipped`. Remembered for 30 days. */
  readonly key?: string;
}

export interface Messages {
  /**
   * Puts a message on its way; a durable job sends it. Inside `db.transaction` pass its `tx`, and it goes exactly if that is
   * kept. Answers `no-consent`, and sends nothing, when the user is known to have no right left for this template.
   * @throws CodedError MESSAGE_INVALID for data that the kinds of its keys do not allow, WECHAT_USER_UNKNOWN for a user
   * who has not logged in by WeChat, WECHAT_OFF without an AppID.
   */
  send(message: NewMessage, tx?: DataAccess): Promise<'queued' | 'no-consent' | 'known'>;
  /** The client says what the user answered to `wx.requestSubscribeMessage`. WeChat's own event counts more. */
  accepted(userId: string, templateIds: readonly string[]): Promise<void>;
}

/** WeChat's services for an app's own code, with the server's books behind them. */
export interface WechatServices {
  readonly payments: Payments;
  readonly messages: Messages;
  /** Tells WeChat of parcels, without which the money of goods stays frozen. @throws CodedError WECHAT_OFF */
  readonly shipping: Shipping;
  /** Whether a text may be shown to others. The user must have been here within two hours. */
  checkText(userId: string, request: Omit<TextCheckRequest, 'openid'>): Promise<TextVerdict>;
  /** Has an image or a sound checked; the answer comes by push (`wxa_media_check`) within 30 minutes. */
  checkMedia(
    userId: string,
    request: Omit<MediaCheckRequest, 'openid'>,
  ): Promise<{ readonly traceId: string }>;
  /** A QR code that opens the mini-program. */
  qrCode(request: QrCodeRequest): Promise<QrCode>;
  /** A link that opens the mini-program from elsewhere; good for 30 days at most. */
  urlLink(request: LinkRequest): Promise<string>;
  /** Calls any API of WeChat's with the access token: by POST with a body, by GET without one. @throws WechatError */
  callApi(path: string, body?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
}
