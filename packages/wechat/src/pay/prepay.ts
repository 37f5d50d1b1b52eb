import { HOUR, type Milliseconds } from '@maque/kit';
import { demand, hasLength, isAmount, isNotifyUrl, isOutTradeNo, issues } from './check-request.ts';
import { chinaTime } from './china-time.ts';
import { payFailure } from './errors/wechat-pay-error.ts';
import { PREPAY } from './pay-api-facts.ts';
import type { PayCalls } from './pay-calls.ts';
import type { PaymentParameters, PrepayRequest } from './pay-types.ts';
import { freshNonce, paymentText, type Signer, signText, timestampOf } from './signature/sign.ts';

// WeChat Pay's own bound of a prepay_id.
const PREPAY_VALID_FOR: Milliseconds = 2 * HOUR;

/**
 * Makes a payment that the user of `openid` can confirm. The same request again makes no second one.
 * @throws WechatPayError: `WECHAT_PAY_CALL_INVALID` with all that is wrong in its details, before anything is sent;
 *   `WECHAT_PAY_NUMBER_TAKEN` for a number that was used with other parameters.
 */
export async function prepay(
  calls: PayCalls,
  request: PrepayRequest,
): Promise<{ readonly prepayId: string; readonly validForMs: Milliseconds }> {
  const notifyUrl = request.notifyUrl ?? calls.notifyUrl;
  checkPrepay(request, notifyUrl, calls.clock.now());
  const answer = await calls.call({
    api: PREPAY,
    secrets: [request.openid],
    body: {
      appid: calls.appId,
      mchid: calls.mchId,
      description: request.description,
      out_trade_no: request.outTradeNo,
      ...(request.expiresAtMs === undefined ? {} : { time_expire: chinaTime(request.expiresAtMs) }),
      ...(request.attach === undefined ? {} : { attach: request.attach }),
      notify_url: notifyUrl,
      amount: { total: request.amountFen, currency: 'CNY' },
      payer: { openid: request.openid },
    },
  });
  const { prepay_id: prepayId } = answer;
  if (typeof prepayId !== 'string' || !/^[\w-]{1,64}$/.test(prepayId)) {
    throw payFailure('WECHAT_PAY_ANSWER_UNREADABLE', PREPAY.path, {
      httpStatus: 200,
      found: 'JSON without prepay_id',
    });
  }
  return { prepayId, validForMs: PREPAY_VALID_FOR };
}

function checkPrepay(request: PrepayRequest, notifyUrl: string, nowMs: number): void {
  const { expiresAtMs = Number.POSITIVE_INFINITY, attach = '' } = request;
  demand(PREPAY.path, [
    { path: 'outTradeNo', met: isOutTradeNo(request.outTradeNo), issue: issues.outTradeNo },
    {
      path: 'description',
      met: hasLength(request.description, 1, 127),
      issue: { en: '1 to 127 characters are expected', zh: '应为 1–127 个字符' },
    },
    { path: 'amountFen', met: isAmount(request.amountFen), issue: issues.amount },
    {
      path: 'openid',
      met: /^[\w-]{1,128}$/.test(request.openid),
      issue: { en: 'an openid is expected', zh: '应为 openid' },
    },
    {
      path: 'attach',
      met: hasLength(attach, 0, 128),
      issue: { en: 'at most 128 characters are expected', zh: '最多 128 个字符' },
    },
    {
      path: 'expiresAtMs',
      met: expiresAtMs > nowMs,
      issue: { en: 'a time to come is expected', zh: '应为将来的时间' },
    },
    { path: 'notifyUrl', met: isNotifyUrl(notifyUrl), issue: issues.notifyUrl },
  ]);
}

/**
 * Signs what the client passes to `wx.requestPayment`. Its success there is no proof of payment: only a notification or
 * a query is.
 */
export function paymentParameters(
  prepayId: string,
  payment: { readonly appId: string; readonly signer: Signer; readonly nowMs: number },
): PaymentParameters {
  const timeStamp = timestampOf(payment.nowMs);
  const nonceStr = freshNonce();
  const text = paymentText({
    appId: payment.appId,
    timestamp: timeStamp,
    nonce: nonceStr,
    package: `prepay_id=${prepayId}`,
  });
  return {
    timeStamp,
    nonceStr,
    package: `prepay_id=${prepayId}`,
    signType: 'RSA',
    paySign: signText(text, payment.signer.key),
  };
}
