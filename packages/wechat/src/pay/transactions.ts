import { demand, isOutTradeNo, issues, isTransactionId } from './check-request.ts';
import { WechatPayError } from './errors/wechat-pay-error.ts';
import { CLOSE, QUERY_BY_ID, QUERY_BY_NUMBER } from './pay-api-facts.ts';
import type { PayCalls } from './pay-calls.ts';
import type { Transaction } from './pay-types.ts';
import { readTransaction, requireAsked } from './read-answers.ts';

/**
 * How a payment stands; undefined when WeChat Pay knows none of that number.
 * @throws WechatPayError
 */
export async function queryTransaction(
  calls: PayCalls,
  key: { readonly outTradeNo: string } | { readonly transactionId: string },
): Promise<Transaction | undefined> {
  const byNumber = 'outTradeNo' in key;
  const api = byNumber ? QUERY_BY_NUMBER : QUERY_BY_ID;
  demand(api.path, [
    byNumber
      ? { path: 'outTradeNo', met: isOutTradeNo(key.outTradeNo), issue: issues.outTradeNo }
      : { path: 'transactionId', met: isTransactionId(key.transactionId), issue: issues.transactionId },
  ]);
  const numbered = byNumber ? { out_trade_no: key.outTradeNo } : { transaction_id: key.transactionId };
  const fields = await unlessUnknown(calls.call({ api, parameters: { ...numbered, mchid: calls.mchId } }));
  if (fields === undefined) return undefined;
  for (const [field, asked] of Object.entries(numbered)) requireAsked(api, field, fields[field], asked);
  return readTransaction(fields, { ...calls, path: api.path });
}

/**
 * Closes a payment: nothing can be paid under its number any more. It may have been closed before.
 * @throws WechatPayError: `WECHAT_PAY_ALREADY_PAID` when somebody was quicker.
 */
export async function closeTransaction(calls: PayCalls, outTradeNo: string): Promise<void> {
  demand(CLOSE.path, [{ path: 'outTradeNo', met: isOutTradeNo(outTradeNo), issue: issues.outTradeNo }]);
  try {
    await calls.call({
      api: CLOSE,
      parameters: { out_trade_no: outTradeNo },
      body: { mchid: calls.mchId },
    });
  } catch (error) {
    if (!(error instanceof WechatPayError && error.code === 'WECHAT_PAY_CLOSED')) throw error;
  }
}

/** What a query answers; undefined when there is nothing of that number. */
export async function unlessUnknown<Fields>(answer: Promise<Fields>): Promise<Fields | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WechatPayError && error.code === 'WECHAT_PAY_NOT_FOUND') return undefined;
    throw error;
  }
}
