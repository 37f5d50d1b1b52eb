/** A payment that was made: what shipping information can be uploaded for. */
export interface PaidOrder {
  readonly transactionId: string;
  readonly mchId: string;
  readonly outTradeNo: string;
  readonly description: string;
  /** In fen. */
  readonly amountFen: number;
  readonly openid: string;
  /** Ms since the epoch. */
  readonly createdAtMs: number;
  readonly paidAtMs: number;
  /** All of it was given back. */
  readonly refunded: boolean;
}

/** Where paid orders come from: the simulated WeChat Pay. */
export interface PaidOrders {
  readonly mchId: string;
  /** The newest first. */
  list(): readonly PaidOrder[];
  /** By the merchant's own number. */
  find(mchId: string, outTradeNo: string): PaidOrder | undefined;
}
