import { type ClientLanguage, clientFault } from './api-error.ts';
import type { WechatRuntime } from './wechat-runtime.ts';

/** What the server answers for a payment, as `wx.requestPayment` takes it. */
export interface PaymentParameters {
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: 'RSA';
  readonly paySign: string;
}

/**
 * What the user did. `finished` is no proof of payment, and `cancelled` is none that there was no payment: ask the server,
 * which hears it from WeChat Pay itself.
 */
export type PaymentOutcome = 'finished' | 'cancelled';

/** @throws ApiError PAYMENT_FAILED, which does not tell whether money was paid: the phone may have lost the answer. */
export function requestPayment(
  wechat: WechatRuntime | undefined,
  parameters: PaymentParameters,
  language: ClientLanguage,
): Promise<PaymentOutcome> {
  return new Promise((resolve, reject) => {
    const failed = (cause: string) => reject(clientFault('PAYMENT_FAILED', language, { cause }));
    if (wechat === undefined) return failed('there is no wx here');
    // Fields one by one: WeChat refuses some calls that carry others.
    const { timeStamp, nonceStr, package: prepay, signType, paySign } = parameters;
    wechat.requestPayment({
      ...{ timeStamp, nonceStr, package: prepay, signType, paySign },
      success: () => resolve('finished'),
      // WeChat has no code for a user who changed their mind, only this word.
      fail: ({ errMsg }) => (errMsg.endsWith('cancel') ? resolve('cancelled') : failed(errMsg)),
    });
  });
}
