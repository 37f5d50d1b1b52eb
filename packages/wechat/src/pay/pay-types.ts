import type { Milliseconds } from '@maque/kit';

/** Money in fen: a whole number. */
export type Fen = number;

/** What is asked of WeChat Pay before a user can pay in the mini-program. */
export interface PrepayRequest {
  /** 6 to 32 of `[0-9A-Za-z_-|*]`, never used before for anything else. A repeated call must say the very same. */
  readonly outTradeNo: string;
  /** What the user reads: 1 to 127 characters. */
  readonly description: string;
  readonly amountFen: Fen;
  /** Who pays: the openid under this mini-program. */
  readonly openid: string;
  /** Comes back in the notification and in queries: at most 128 characters. */
  readonly attach?: string;
  /** When it cannot be paid any more, as ms since the epoch. */
  readonly expiresAtMs?: number;
  /** The client's own unless told: https (http on loopback), without a query, at most 255 characters. */
  readonly notifyUrl?: string;
}

/** What `wx.requestPayment` is called with. */
export interface PaymentParameters {
  readonly timeStamp: string;
  readonly nonceStr: string;
  /** `prepay_id=…` */
  readonly package: string;
  readonly signType: 'RSA';
  readonly paySign: string;
}

export type TradeState = 'NOTPAY' | 'SUCCESS' | 'CLOSED' | 'REFUND' | 'REVOKED' | 'USERPAYING' | 'PAYERROR';

/** A payment as WeChat Pay knows it: from a query, or from a notification that was verified. */
export interface Transaction {
  readonly appId: string;
  readonly mchId: string;
  readonly outTradeNo: string;
  /** Null while nobody has paid. */
  readonly transactionId: string | null;
  readonly tradeState: TradeState;
  /** What the merchant asked for; null in answers that leave it out (unpaid ones). */
  readonly totalFen: Fen | null;
  /** What the payer gave, after WeChat's own coupons. */
  readonly payerTotalFen: Fen | null;
  readonly openid: string | null;
  readonly attach: string;
  /** Ms since the epoch; null while nobody has paid. */
  readonly successAtMs: number | null;
}

export type RefundStatus = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL';

export interface RefundRequest {
  /** One of the two. */
  readonly outTradeNo?: string;
  readonly transactionId?: string;
  /** 1 to 64 characters. The same number again never refunds twice; another number does. */
  readonly outRefundNo: string;
  readonly refundFen: Fen;
  /** What the whole payment was. */
  readonly totalFen: Fen;
  /** What the user reads: at most 80 characters. */
  readonly reason?: string;
  readonly notifyUrl?: string;
}

/** A refund as WeChat Pay knows it: from its answer, a query, or a notification that was verified. */
export interface RefundFacts {
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly status: RefundStatus;
  readonly refundFen: Fen;
  readonly totalFen: Fen;
  readonly successAtMs: number | null;
}

/** A notification whose signature was right, opened. */
export type PayNotification =
  | {
      readonly kind: 'transaction';
      /** Of the notification: the same when WeChat sends it again. */
      readonly id: string;
      readonly eventType: string;
      readonly transaction: Transaction;
    }
  | {
      readonly kind: 'refund';
      readonly id: string;
      readonly eventType: string;
      readonly refund: RefundFacts;
    }
  /** Of a kind that nobody here asked for; it is to be acknowledged. */
  | { readonly kind: 'other'; readonly id: string; readonly eventType: string };

/** A notification as it came in. */
export interface RawNotification {
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The very bytes of the body: a signature covers nothing else. */
  readonly body: Uint8Array;
}

/** One line of a trade bill. */
export interface BillRow {
  readonly kind: 'payment' | 'refund';
  /** The mini-program that it belongs to: a merchant may have several. */
  readonly appId: string;
  readonly transactionId: string;
  readonly outTradeNo: string;
  /** Ms since the epoch. */
  readonly atMs: number;
  readonly tradeState: string;
  readonly amountFen: Fen;
  /** Empty in lines of payments. */
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly refundFen: Fen;
}

/** WeChat Pay v3 for one merchant and one mini-program. Every method throws `WechatPayError`. */
export interface PayClient {
  readonly appId: string;
  readonly mchId: string;
  /** Answers with what {@link PayClient.paymentParameters} needs; good for two hours. */
  prepay(request: PrepayRequest): Promise<{ readonly prepayId: string; readonly validForMs: Milliseconds }>;
  /** Signs what the client passes to `wx.requestPayment`. No call to WeChat. */
  paymentParameters(prepayId: string): PaymentParameters;
  /** Undefined when WeChat knows no such payment. */
  query(
    key: { readonly outTradeNo: string } | { readonly transactionId: string },
  ): Promise<Transaction | undefined>;
  /** Nothing can be paid under this number any more. Not an error when it was closed already. */
  close(outTradeNo: string): Promise<void>;
  refund(request: RefundRequest): Promise<RefundFacts>;
  /** Undefined when WeChat knows no such refund. */
  queryRefund(outRefundNo: string): Promise<RefundFacts | undefined>;
  /** The lines of a day's bill, streamed: a bill may be larger than memory. There from 10:00 of the next day on. */
  tradeBill(date: string): AsyncIterable<BillRow>;
  /** Verifies and opens a notification. @throws WechatPayError when it is not to be believed: answer 401, change nothing. */
  readNotification(raw: RawNotification): Promise<PayNotification>;
}
