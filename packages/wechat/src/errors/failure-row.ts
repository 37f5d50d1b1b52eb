import type { Text } from '@maque/kit';
import type { FailureCode } from './failure-codes.ts';

// Quotas come back at midnight in China and refused addresses after an hour or a day, but an operator may reset or
// allow them at any time and nobody tells us: one call each quarter of an hour looks. 96 refused calls a day are
// nothing beside the limits (10,000 a minute), and no restart is needed.
const LOOK_AGAIN_SECONDS = 15 * 60;

/** What one errcode of WeChat, or one failure before any errcode, means to us. */
export interface FailureRow {
  readonly code: FailureCode;
  /**
   * `soon`: the same call again after a short wait if its caller allows; `new-token`: once more with another token;
   * `next-second`: again a second later, whatever the call does, because this refusal says that it has done nothing.
   */
  readonly retry: 'never' | 'soon' | 'new-token' | 'next-second';
  /** Seconds until another try makes sense, by another request. */
  readonly retryAfterSeconds?: number;
  /** Until then every call of this path would be refused alike, whoever it is for: none is sent. */
  readonly holdsPath?: true;
  /** An operator has to act, or has to know. */
  readonly alert: boolean;
  /** What to do, for the operator or developer. `{seenIp}` and the other data of the error are filled in. */
  readonly advice: Text;
}

/** WeChat cannot just now. */
export function busy(): FailureRow {
  return {
    code: 'WECHAT_BUSY',
    retry: 'soon',
    alert: false,
    advice: {
      en: 'WeChat is busy. Calls that may be repeated have been; if it lasts, look for a notice of WeChat.',
      zh: '微信系统繁忙。可重试的调用已自动重试；若持续出现，请查看微信公告。',
    },
  };
}

/** Of a token that WeChat does not accept, though a new one may do. */
export function staleToken(): FailureRow {
  return {
    code: 'WECHAT_TOKEN_REFUSED',
    retry: 'new-token',
    alert: true,
    advice: {
      en: 'A new access token was fetched and refused as well. Look for another deployment with this AppID that forces refreshes or uses the legacy token; a forced refresh is the last resort.',
      zh: '重新获取的 access_token 仍被拒绝。请检查是否有其他部署使用同一 AppID 强制刷新或使用旧版 token；强制刷新是最后手段。',
    },
  };
}

/** An operator has to put something right in settings or in a console of WeChat. */
export function misconfigured(en: string, zh: string): FailureRow {
  return { code: 'WECHAT_MISCONFIGURED', retry: 'never', alert: true, advice: { en, zh } };
}

/** WeChat asks its administrator whether this address may call. */
export function ipDoubted(en: string, zh: string): FailureRow {
  return {
    ...misconfigured(
      `WeChat holds calls back: ${en}. The administrator gets a message in WeChat for each try.`,
      `微信暂缓了调用：${zh}。每次尝试都会给管理员推送消息。`,
    ),
    retryAfterSeconds: LOOK_AGAIN_SECONDS,
    holdsPath: true,
  };
}

/** Nothing of this path until the quota is back. */
export function quotaUsedUp(en: string, zh: string): FailureRow {
  return {
    code: 'WECHAT_QUOTA_USED_UP',
    retry: 'never',
    retryAfterSeconds: LOOK_AGAIN_SECONDS,
    holdsPath: true,
    alert: true,
    advice: { en, zh },
  };
}

/** A limit per second or minute. */
export function tooFrequent(pause: Pick<FailureRow, 'retryAfterSeconds' | 'holdsPath'>): FailureRow {
  return {
    code: 'WECHAT_TOO_FREQUENT',
    retry: 'never',
    ...pause,
    alert: false,
    advice: {
      en: 'The rate limit of this API is reached. Spread the calls out.',
      zh: '已达到该接口的频率限制，请降低调用频率。',
    },
  };
}

/** A fault of whoever wrote the call. */
export function invalidCall(en: string, zh: string): FailureRow {
  return {
    code: 'WECHAT_CALL_INVALID',
    retry: 'never',
    alert: true,
    advice: {
      en: `This call is wrong: ${en}. It is a fault in the code.`,
      zh: `调用有误：${zh}。这是代码缺陷。`,
    },
  };
}

/** A one-time code that does not count any more. */
export function codeInvalid(en: string, zh: string): FailureRow {
  return { code: 'WECHAT_CODE_INVALID', retry: 'never', alert: false, advice: { en, zh } };
}

/** A session key that is not the one WeChat holds. */
export function staleSession(): FailureRow {
  return {
    code: 'WECHAT_SESSION_STALE',
    retry: 'never',
    alert: false,
    advice: {
      en: 'The session key is no longer the one WeChat holds: the client must call wx.login again.',
      zh: 'session_key 已不是微信当前持有的：客户端需重新调用 wx.login。',
    },
  };
}

/** Something that was asked for by its number, and that WeChat has not. */
export function notFound(en: string, zh: string): FailureRow {
  return { code: 'WECHAT_NOT_FOUND', retry: 'never', alert: false, advice: { en, zh } };
}
