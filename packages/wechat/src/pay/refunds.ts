import {
  demand,
  hasLength,
  isAmount,
  isNotifyUrl,
  isOutRefundNo,
  isOutTradeNo,
  issues,
  isTransactionId,
} from './check-request.ts';
import { QUERY_REFUND, REFUND } from './pay-api-facts.ts';
import type { PayCalls } from './pay-calls.ts';
import type { RefundFacts, RefundRequest } from './pay-types.ts';
import { readRefund, requireAsked } from './read-answers.ts';
import { unlessUnknown } from './transactions.ts';

/**
 * Asks for money to be given back. Accepted is not done: `PROCESSING` ends by a notification or in a query. The same
 * refund number again never refunds twice.
 * @throws WechatPayError: `WECHAT_PAY_CALL_INVALID` before anything is sent; `WECHAT_PAY_BALANCE_SHORT`.
 */
export async function refundTransaction(calls: PayCalls, request: RefundRequest): Promise<RefundFacts> {
  const notifyUrl = request.notifyUrl ?? calls.notifyUrl;
  checkRefund(request, notifyUrl);
  const fields = await calls.call({
    api: REFUND,
    body: {
      ...(request.transactionId === undefined
        ? { out_trade_no: request.outTradeNo }
        : { transaction_id: request.transactionId }),
      out_refund_no: request.outRefundNo,
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      notify_url: notifyUrl,
      amount: { refund: request.refundFen, total: request.totalFen, currency: 'CNY' },
    },
  });
  requireAsked(REFUND, 'out_refund_no', fields.out_refund_no, request.outRefundNo);
  return readRefund(fields, { ...calls, path: REFUND.path });
}

/** How a refund stands; undefined when WeChat Pay knows none of that number. @throws WechatPayError */
export async function queryRefund(calls: PayCalls, outRefundNo: string): Promise<RefundFacts | undefined> {
  demand(QUERY_REFUND.path, [
    { path: 'outRefundNo', met: isOutRefundNo(outRefundNo), issue: issues.outRefundNo },
  ]);
  const fields = await unlessUnknown(
    calls.call({ api: QUERY_REFUND, parameters: { out_refund_no: outRefundNo } }),
  );
  if (fields === undefined) return undefined;
  requireAsked(QUERY_REFUND, 'out_refund_no', fields.out_refund_no, outRefundNo);
  return readRefund(fields, { ...calls, path: QUERY_REFUND.path });
}

function checkRefund(request: RefundRequest, notifyUrl: string): void {
  const { outTradeNo, transactionId, refundFen, totalFen, reason = '' } = request;
  demand(REFUND.path, [
    {
      path: 'transactionId',
      met: (outTradeNo === undefined) !== (transactionId === undefined),
      issue: {
        en: 'either outTradeNo or transactionId is expected, not both',
        zh: 'outTradeNo 与 transactionId 应二选一',
      },
    },
    {
      path: 'outTradeNo',
      met: outTradeNo === undefined || isOutTradeNo(outTradeNo),
      issue: issues.outTradeNo,
    },
    {
      path: 'transactionId',
      met: transactionId === undefined || isTransactionId(transactionId),
      issue: issues.transactionId,
    },
    { path: 'outRefundNo', met: isOutRefundNo(request.outRefundNo), issue: issues.outRefundNo },
    { path: 'refundFen', met: isAmount(refundFen), issue: issues.amount },
    { path: 'totalFen', met: isAmount(totalFen), issue: issues.amount },
    {
      path: 'refundFen',
      met: !(refundFen > totalFen),
      issue: { en: 'more than was paid', zh: '超过了支付金额' },
    },
    {
      path: 'reason',
      met: hasLength(reason, 0, 80),
      issue: { en: 'at most 80 characters are expected', zh: '最多 80 个字符' },
    },
    { path: 'notifyUrl', met: isNotifyUrl(notifyUrl), issue: issues.notifyUrl },
  ]);
}
