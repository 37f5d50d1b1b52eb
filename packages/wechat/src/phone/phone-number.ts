import { transportError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { toRecord, unreadable } from '../http/read-fields.ts';
import { assertCode } from '../login/code-to-session.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

export const PHONE_NUMBER: ApiFacts = {
  method: 'POST',
  path: '/wxa/business/getuserphonenumber',
  page: 'getPhoneNumber',
  call: 'client.phoneNumber',
  summary: {
    en: "Trades the code of a getPhoneNumber button for the user's number. WeChat charges for it.",
    zh: '用手机号快速验证组件的 code 换取用户手机号（微信按次收费）。',
  },
  errcodes: [-1, 40003, 40013, 40029, 45011],
};

export const PHONE_APIS: readonly ApiFacts[] = [PHONE_NUMBER];

const PATH = PHONE_NUMBER.path;

export interface PhoneCode {
  /** From the `getPhoneNumber` button, not from `wx.login`. */
  readonly code: string;
  /** The user who must be behind the code; WeChat refuses another's. */
  readonly openid?: string;
}

export interface PhoneNumber {
  /** With `+` and the country code for numbers outside China, bare otherwise. */
  readonly phoneNumber: string;
  /** Without the country code. */
  readonly purePhoneNumber: string;
  /** Such as `86`. */
  readonly countryCode: string;
}

/**
 * Trades the code of a `getPhoneNumber` button for the user's number. A code lives 5 minutes and works once, and WeChat
 * charges for it (CNY 0.03 after the first 1,000), so do not ask at every login.
 * @throws WechatError: `WECHAT_CODE_INVALID` (401: the user taps again), `WECHAT_APPID_MISMATCH`, or as other calls do.
 */
export async function fetchPhoneNumber(
  callApi: ApiCaller,
  appId: string,
  request: PhoneCode,
): Promise<PhoneNumber> {
  const { code, openid } = request;
  assertCode(code, PATH);
  const answer = await callApi({
    ...PHONE_NUMBER,
    body: openid === undefined ? { code } : { code, openid },
    // As with a login code: the first try may have used it up.
    maxRetries: 1,
    secrets: [code],
  });
  const info = toRecord(answer.phone_info);
  const watermark = toRecord(info.watermark);
  if (watermark.appid !== appId) {
    throw transportError('WECHAT_APPID_MISMATCH', PATH, { foundAppId: watermark.appid ?? 'none' });
  }
  const { phoneNumber, purePhoneNumber, countryCode } = info;
  if (typeof phoneNumber !== 'string' || typeof purePhoneNumber !== 'string') {
    throw unreadable(PATH, 'JSON without a phone number');
  }
  // A number in older answers, text in today's.
  return { phoneNumber, purePhoneNumber, countryCode: String(countryCode ?? '') };
}
