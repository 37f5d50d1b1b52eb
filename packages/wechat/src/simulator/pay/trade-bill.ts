import type { Fen } from '../../pay/pay-types.ts';
import { chinaBillTime, chinaDate } from './china-time.ts';
import type { PaymentRecord, RefundRecord } from './pay-records.ts';
import type { PayWorld } from './pay-world.ts';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

// WeChat's columns of a direct merchant's bill of type ALL, in its words.
const HEADINGS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,' +
  '应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,' +
  '手续费,费率,订单金额,申请退款金额,费率备注';
const SUMMARY_HEADINGS =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

// What most small merchants pay.
const FEE_SHARE = 0.006;
const FEE_SHARE_IN_WORDS = '0.60%';

interface Entry {
  readonly atMs: number;
  readonly payment: PaymentRecord;
  readonly transactionId: string;
  readonly refund: RefundRecord | undefined;
}

/** A day's bill in WeChat's CSV; undefined when nothing happened on that day. */
export function tradeBill(world: PayWorld, date: string, type: BillType): string | undefined {
  const entries = entriesOf(world, type)
    .filter(({ atMs }) => chinaDate(atMs) === date)
    .sort((one, other) => one.atMs - other.atMs);
  if (entries.length === 0) return undefined;
  const lines = [
    HEADINGS,
    ...entries.map((entry) => billLine(entry, world)),
    SUMMARY_HEADINGS,
    summary(entries),
  ];
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function entriesOf({ ledger }: PayWorld, type: BillType): Entry[] {
  const entries: Entry[] = [];
  if (type !== 'REFUND') {
    for (const payment of ledger.payments()) {
      const { paid } = payment;
      if (paid === undefined) continue;
      entries.push({ atMs: paid.atMs, payment, transactionId: paid.transactionId, refund: undefined });
    }
  }
  if (type !== 'SUCCESS') {
    for (const refund of ledger.refunds()) {
      const { createdAtMs: atMs, payment, transactionId } = refund;
      entries.push({ atMs, payment, transactionId, refund });
    }
  }
  return entries;
}

function billLine({ atMs, payment, transactionId, refund }: Entry, { appId, mchId }: PayWorld): string {
  const { outTradeNo, openid, totalFen, description, attach } = payment;
  const amounts = refund === undefined ? [yuan(totalFen), yuan(0)] : [yuan(0), yuan(0)];
  const refunded =
    refund === undefined
      ? ['', '', yuan(0), yuan(0), '', '']
      : [refund.refundId, refund.outRefundNo, yuan(refund.refundFen), yuan(0), 'ORIGINAL', refund.status];
  return row([
    ...[chinaBillTime(atMs), appId, mchId, '0', '', transactionId, outTradeNo, openid, 'JSAPI'],
    ...[refund === undefined ? 'SUCCESS' : 'REFUND', 'OTHERS', 'CNY', ...amounts, ...refunded],
    ...[description, attach, feeYuan(refund === undefined ? totalFen : -refund.refundFen)],
    ...[FEE_SHARE_IN_WORDS, yuan(refund === undefined ? totalFen : 0), yuan(refund?.refundFen ?? 0), ''],
  ]);
}

function summary(entries: readonly Entry[]): string {
  let paid: Fen = 0;
  let refunded: Fen = 0;
  let fee = 0;
  for (const { payment, refund } of entries) {
    if (refund === undefined) paid += payment.totalFen;
    else refunded += refund.refundFen;
    fee += feeFen(refund === undefined ? payment.totalFen : -refund.refundFen);
  }
  const fees = (fee / 100).toFixed(5);
  return row([String(entries.length), yuan(paid), yuan(refunded), yuan(0), fees, yuan(paid), yuan(refunded)]);
}

/** A backquote before each value keeps spreadsheets from changing long numbers. */
function row(values: readonly string[]): string {
  return values.map((value) => `\`${value.replaceAll(/[\r\n]+/g, ' ')}`).join(',');
}

function yuan(fen: Fen): string {
  return (fen / 100).toFixed(2);
}

function feeFen(fen: Fen): Fen {
  return Math.round(fen * FEE_SHARE);
}

function feeYuan(fen: Fen): string {
  return (feeFen(fen) / 100).toFixed(5);
}
