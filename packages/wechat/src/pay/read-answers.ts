import { parseTime } from './china-time.ts';
import { payFailure } from './errors/wechat-pay-error.ts';
import type { RefundFacts, RefundStatus, TradeState, Transaction } from './pay-types.ts';
import type { PayFields } from './transport/read-fields.ts';

const TRADE_STATES: readonly string[] = [
  'NOTPAY',
  'SUCCESS',
  'CLOSED',
  'REFUND',
  'REVOKED',
  'USERPAYING',
  'PAYERROR',
] satisfies TradeState[];

const REFUND_STATUSES: readonly string[] = [
  'SUCCESS',
  'CLOSED',
  'PROCESSING',
  'ABNORMAL',
] satisfies RefundStatus[];

/** Whose payments these are, and where the message came from. */
export interface Reading {
  readonly appId: string;
  readonly mchId: string;
  /** The API's path, or `notification`. */
  readonly path: string;
}

/**
 * Reads a payment from an answer or an opened notification.
 * @throws WechatPayError when it is another merchant's or mini-program's, or lacks what a payment must have.
 */
export function readTransaction(fields: PayFields, reading: Reading): Transaction {
  requireOurs(fields, reading);
  const amount = readNested(fields.amount);
  const tradeState = String(fields.trade_state);
  if (!TRADE_STATES.includes(tradeState)) throw unreadable(reading, 'trade_state');
  const transactionId = readText(fields.transaction_id);
  const totalFen = readFen(amount.total);
  const successAtMs = parseTime(fields.success_time);
  // What is fulfilled on the strength of this must say how much was paid, when and under which number.
  if (tradeState === 'SUCCESS') {
    if (transactionId === null) throw unreadable(reading, 'transaction_id');
    if (totalFen === null) throw unreadable(reading, 'amount.total');
    if (successAtMs === null) throw unreadable(reading, 'success_time');
  }
  return {
    appId: reading.appId,
    mchId: reading.mchId,
    outTradeNo: requireText(fields.out_trade_no, reading, 'out_trade_no'),
    transactionId,
    tradeState: tradeState as TradeState,
    totalFen,
    payerTotalFen: readFen(amount.payer_total),
    openid: readText(readNested(fields.payer).openid),
    attach: readText(fields.attach) ?? '',
    successAtMs,
  };
}

/**
 * Reads a refund from an answer or an opened notification, which call its status differently.
 * @throws WechatPayError as {@link readTransaction}.
 */
export function readRefund(fields: PayFields, reading: Reading): RefundFacts {
  requireOurs(fields, reading);
  const amount = readNested(fields.amount);
  const status = String(fields.refund_status ?? fields.status);
  if (!REFUND_STATUSES.includes(status)) throw unreadable(reading, 'refund status');
  const refundFen = readFen(amount.refund);
  const totalFen = readFen(amount.total);
  if (refundFen === null || totalFen === null) throw unreadable(reading, 'amount');
  return {
    outRefundNo: requireText(fields.out_refund_no, reading, 'out_refund_no'),
    refundId: requireText(fields.refund_id, reading, 'refund_id'),
    outTradeNo: requireText(fields.out_trade_no, reading, 'out_trade_no'),
    transactionId: requireText(fields.transaction_id, reading, 'transaction_id'),
    status: status as RefundStatus,
    refundFen,
    totalFen,
    successAtMs: parseTime(fields.success_time),
  };
}

/**
 * An answer's signature covers the answer and not the question: it must name what was asked for.
 * @throws WechatPayError when it names another.
 */
export function requireAsked(
  reading: Pick<Reading, 'path'>,
  field: string,
  found: unknown,
  asked: string,
): void {
  if (found === asked) return;
  throw payFailure('WECHAT_PAY_ANSWER_UNREADABLE', reading.path, {
    httpStatus: 200,
    found: `JSON about another ${field}`,
  });
}

/** Answers about refunds name neither merchant nor mini-program, notifications of them the merchant only. */
function requireOurs(fields: PayFields, reading: Reading): void {
  for (const [field, ours] of [
    ['mchid', reading.mchId],
    ['appid', reading.appId],
  ] as const) {
    const found = readText(fields[field]);
    if (found === null || found === ours) continue;
    throw payFailure('WECHAT_PAY_OTHER_MERCHANT', reading.path, { field, found });
  }
}

function readNested(value: unknown): PayFields {
  return typeof value === 'object' && value !== null ? (value as PayFields) : {};
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function requireText(value: unknown, reading: Reading, field: string): string {
  const text = readText(value);
  if (text === null) throw unreadable(reading, field);
  return text;
}

function readFen(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}

function unreadable(reading: Reading, field: string): Error {
  return reading.path === 'notification'
    ? payFailure('WECHAT_PAY_NOTIFICATION_UNREADABLE', reading.path, { found: `no ${field}` })
    : payFailure('WECHAT_PAY_ANSWER_UNREADABLE', reading.path, {
        httpStatus: 200,
        found: `JSON without ${field}`,
      });
}
