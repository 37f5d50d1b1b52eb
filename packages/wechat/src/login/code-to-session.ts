import { classify } from '../errors/classify.ts';
import { WechatError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import type { Caller } from '../http/caller.ts';
import { textField } from '../http/read-fields.ts';
import type { Account } from '../token/fetch-token.ts';

export const CODE_TO_SESSION: ApiFacts = {
  method: 'GET',
  path: '/sns/jscode2session',
  page: 'code2Session',
  call: 'client.code2Session',
  summary: {
    en: 'Trades the code of wx.login for the user behind it.',
    zh: '用 wx.login 的 code 换取用户身份（openid 与 session_key）。',
  },
  errcodes: [-1, 40013, 40029, 40125, 40163, 40226, 41002, 41004, 41008, 45011],
};

/** Who logged in. The session key stays on the server, always. */
export interface WechatSession {
  readonly openid: string;
  /** Base64 of 16 bytes. A secret: it decrypts the user's data. */
  readonly sessionKey: string;
  /** The user across all apps of one Open Platform account; absent when the mini-program is bound to none. */
  readonly unionid?: string;
}

/**
 * Trades the code of `wx.login` for the user behind it. A code lives 5 minutes and works once.
 * @throws WechatError: `WECHAT_CODE_INVALID` (401: the client logs in again), `WECHAT_USER_BLOCKED` (403),
 * `WECHAT_TOO_FREQUENT` (429), `WECHAT_MISCONFIGURED` (500), or a failure of WeChat or the network (502–504).
 */
export async function codeToSession(call: Caller, account: Account, code: string): Promise<WechatSession> {
  assertCode(code, CODE_TO_SESSION.path);
  const answer = await call({
    ...CODE_TO_SESSION,
    query: {
      appid: account.appId,
      secret: account.secret,
      js_code: code,
      grant_type: 'authorization_code',
    },
    // The first try may have used the code up, so a second one may be in vain; more are.
    maxRetries: 1,
    secrets: [account.secret, code],
  });
  const session = {
    openid: textField(CODE_TO_SESSION.path, answer, 'openid'),
    sessionKey: textField(CODE_TO_SESSION.path, answer, 'session_key'),
  };
  return typeof answer.unionid === 'string' ? { ...session, unionid: answer.unionid } : session;
}

/**
 * Codes come from clients: what cannot be one is refused here, with the answer that WeChat would give.
 * @throws WechatError `WECHAT_CODE_INVALID`
 */
export function assertCode(code: unknown, path: string): asserts code is string {
  // WeChat's codes are 32 to 64 letters and digits today; the bound leaves room without letting a body through.
  if (typeof code === 'string' && /^[\x21-\x7e]{1,256}$/.test(code)) return;
  throw new WechatError(classify(40029, path), { path });
}
