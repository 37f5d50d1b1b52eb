import type { ErrorDefinition } from '@maque/kit';

/** What sort of trouble a failure is; decides who has to do something about it. */
export type FailureKind =
  | 'busy'
  | 'token'
  | 'configuration'
  | 'quota'
  | 'rate'
  | 'programming'
  | 'user'
  | 'state'
  | 'network'
  | 'answer'
  | 'unknown';

interface FailureDefinition extends ErrorDefinition {
  readonly kind: FailureKind;
}

/**
 * The codes of `WechatError`. `status` is the HTTP status that our own caller deserves, and the message is fit for
 * anybody's eyes: what only operators may read is in the error's advice and fields.
 */
export const failureCodes = {
  WECHAT_BUSY: {
    kind: 'busy',
    status: 503,
    message: { en: 'WeChat is busy; try again shortly', zh: '微信系统繁忙，请稍后再试' },
  },
  WECHAT_TOKEN_REFUSED: {
    kind: 'token',
    status: 502,
    message: { en: 'WeChat refuses the access token', zh: '微信拒绝了接口调用凭证' },
  },
  WECHAT_MISCONFIGURED: {
    kind: 'configuration',
    status: 500,
    message: { en: 'The WeChat account of this server is not set up right', zh: '服务器的微信账号配置有误' },
  },
  WECHAT_QUOTA_USED_UP: {
    kind: 'quota',
    status: 503,
    message: { en: 'The WeChat quota of today is used up', zh: '今日的微信接口额度已用完' },
  },
  WECHAT_TOO_FREQUENT: {
    kind: 'rate',
    status: 429,
    message: { en: 'Too many requests to WeChat; try again later', zh: '请求微信过于频繁，请稍后再试' },
  },
  WECHAT_CALL_INVALID: {
    kind: 'programming',
    status: 500,
    message: { en: 'The call to WeChat was not valid', zh: '对微信的调用不合法' },
  },
  WECHAT_CODE_INVALID: {
    kind: 'user',
    status: 401,
    message: {
      en: 'The code is invalid, expired or already used; get a new one',
      zh: 'code 无效、已过期或已被使用，请重新获取',
    },
  },
  WECHAT_SESSION_STALE: {
    kind: 'user',
    status: 401,
    message: { en: 'The WeChat session has expired; log in again', zh: '微信登录态已失效，请重新登录' },
  },
  WECHAT_USER_BLOCKED: {
    kind: 'user',
    status: 403,
    message: { en: 'WeChat refuses this user as a risk', zh: '微信判定该用户存在风险' },
  },
  WECHAT_USER_AWAY: {
    kind: 'user',
    status: 409,
    message: {
      en: 'The user has not used the mini-program lately; WeChat cannot check for them',
      zh: '用户近期未使用小程序，微信无法为其检测',
    },
  },
  WECHAT_NO_CONSENT: {
    kind: 'user',
    status: 409,
    message: { en: 'The user has not agreed to this message', zh: '用户未订阅该消息' },
  },
  WECHAT_REPLY_CLOSED: {
    kind: 'user',
    status: 409,
    message: {
      en: 'WeChat allows no more replies to this user until they write again',
      zh: '在用户再次发消息之前，微信不允许继续回复',
    },
  },
  WECHAT_CONTENT_REFUSED: {
    kind: 'user',
    status: 422,
    message: { en: 'WeChat refuses what the text says', zh: '内容含有微信不允许的文字' },
  },
  WECHAT_DATA_INVALID: {
    kind: 'user',
    status: 400,
    message: {
      en: 'These are not data that WeChat has just given; get them again',
      zh: '这不是微信刚刚提供的数据，请重新获取',
    },
  },
  WECHAT_NOT_FOUND: {
    kind: 'state',
    status: 404,
    message: { en: 'WeChat does not know this', zh: '微信中没有对应的记录' },
  },
  WECHAT_ORDER_STATE: {
    kind: 'state',
    status: 409,
    message: { en: 'The order is not in a state that allows this', zh: '订单当前状态不允许该操作' },
  },
  WECHAT_UNREACHABLE: {
    kind: 'network',
    status: 502,
    message: { en: 'WeChat cannot be reached', zh: '无法连接微信服务器' },
  },
  WECHAT_TIMED_OUT: {
    kind: 'network',
    status: 504,
    message: { en: 'WeChat did not answer in time', zh: '微信服务器响应超时' },
  },
  WECHAT_ANSWER_UNREADABLE: {
    kind: 'answer',
    status: 502,
    message: { en: 'WeChat gave an answer that makes no sense', zh: '微信返回了无法识别的内容' },
  },
  WECHAT_APPID_MISMATCH: {
    kind: 'answer',
    status: 502,
    message: { en: 'The data belong to another mini-program', zh: '数据属于其他小程序' },
  },
  WECHAT_CLOCK_SKEWED: {
    kind: 'configuration',
    status: 500,
    message: { en: 'The clock of this server is wrong', zh: '服务器时钟有误' },
  },
  WECHAT_TOKEN_STORE_FAILED: {
    kind: 'configuration',
    status: 500,
    message: { en: 'The store of the access token failed', zh: '接口调用凭证的存储出现故障' },
  },
  WECHAT_ERRCODE_UNKNOWN: {
    kind: 'unknown',
    status: 502,
    message: { en: 'WeChat refused the call', zh: '微信拒绝了该调用' },
  },
} as const satisfies Record<string, FailureDefinition>;

export type FailureCode = keyof typeof failureCodes;
