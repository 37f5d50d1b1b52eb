import { errors } from '@maque/contract';
import { type PayFailureCode, WechatPayError } from '@maque/wechat/pay';
import { isPaymentAlert } from './payment-errors.ts';

/** Whether WeChat Pay failed in one of these ways. */
export function isPayFault(error: unknown, ...codes: PayFailureCode[]): error is WechatPayError {
  return error instanceof WechatPayError && codes.includes(error.code);
}

/** Whether it is WeChat Pay as a whole that cannot be asked now, whatever the question. */
export function isPayOutage(error: unknown): boolean {
  // One refund is too large for the merchant's balance, one payment was made under another AppID: the next may be well.
  if (isPayFault(error, 'WECHAT_PAY_BALANCE_SHORT', 'WECHAT_PAY_OTHER_MERCHANT')) return false;
  return error instanceof WechatPayError && ['network', 'busy', 'rate', 'configuration'].includes(error.kind);
}

/** What callers of an app's routes are told; operators have been told more, and the cause is in the log. */
export function payFaultForCallers(error: unknown): unknown {
  if (isPayFault(error, 'WECHAT_PAY_TOO_FREQUENT')) {
    return errors.TOO_MANY_REQUESTS({ cause: error, retryAfterSeconds: error.retryAfterSeconds ?? 5 });
  }
  if (error instanceof WechatPayError) return errors.WECHAT_UNAVAILABLE({ cause: error });
  return isPaymentAlert(error) ? errors.INTERNAL({ cause: error }) : error;
}
