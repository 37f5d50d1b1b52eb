import type { Text } from '@maque/kit';
import type { PayFailureCode } from './pay-failure-codes.ts';

/** What one `code` of WeChat Pay, or one failure before any code, means to us. */
export interface PayFailureRow {
  readonly code: PayFailureCode;
  /**
   * `soon`, `next-second`: the very same request again after a short wait. Safe for each call made here: they only read,
   * or they carry the merchant's own number, under which WeChat Pay does a thing once however often it is asked.
   */
  readonly retry: 'never' | 'soon' | 'next-second';
  /** Seconds until another try makes sense, by another request. */
  readonly retryAfterSeconds?: number;
  /** An operator has to act, or has to know. */
  readonly alert: boolean;
  /** What to do, for the operator or developer. The data of the error are filled in. */
  readonly advice: Text;
}

/** A trouble of WeChat Pay's own that passes. */
export function payBusy(en: string, zh: string): PayFailureRow {
  return { code: 'WECHAT_PAY_BUSY', retry: 'soon', retryAfterSeconds: 5, alert: false, advice: { en, zh } };
}

/** A limit per second or minute. */
export function payTooFrequent(en: string, zh: string): PayFailureRow {
  return {
    code: 'WECHAT_PAY_TOO_FREQUENT',
    retry: 'next-second',
    retryAfterSeconds: 5,
    alert: false,
    advice: { en, zh },
  };
}

/** An operator has to put something right: a setting, a key, the console of the merchant. */
export function payMisconfigured(en: string, zh: string): PayFailureRow {
  return { code: 'WECHAT_PAY_MISCONFIGURED', retry: 'never', alert: true, advice: { en, zh } };
}

/** A fault of whoever wrote the call. */
export function payCallInvalid(en: string, zh: string): PayFailureRow {
  return { code: 'WECHAT_PAY_CALL_INVALID', retry: 'never', alert: true, advice: { en, zh } };
}

/** How things stand with a payment or a refund; whoever called decides what follows from it. */
export function payState(code: PayFailureCode, en: string, zh: string): PayFailureRow {
  return { code, retry: 'never', alert: false, advice: { en, zh } };
}
