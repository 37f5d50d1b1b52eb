import type { Text } from '@maque/kit';
import type { FailureCode } from './failure-codes.ts';

// Quotas come back at midnight in China and refused addresses after an hour or a day, but an operator may reset or
// allow them at any time and nobody tells us: one call each quarter of an hour looks. 96 refused calls a day are
// nothing beside the limits (10,000 a minute), and no restart is needed.
const LOOK_AGAIN_SECONDS = 15 * 60;

/** What one errcode of WeChat, or one failure before any errcode, means to us. */
export interface FailureRow {
  readonly code: FailureCode;
  /** `soon`: the same call again after a short wait if its caller allows; `new-token`: once more with another token. */
  readonly retry: 'never' | 'soon' | 'new-token';
  /** Seconds until another try makes sense, by another request. */
  readonly retryAfterSeconds?: number;
  /** Until then every call of this path would be refused alike, whoever it is for: none is sent. */
  readonly holdsPath?: true;
  /** An operator has to act, or has to know. */
  readonly alert: boolean;
  /** What to do, for the operator or developer. `{seenIp}` and the other data of the error are filled in. */
  readonly advice: Text;
}

/** WeChat's errcodes, by number. The official name of each is in WeChat's "global return code" page. */
export const errcodeRows: Readonly<Record<number, FailureRow>> = {
  [-1]: {
    code: 'WECHAT_BUSY',
    retry: 'soon',
    alert: false,
    advice: {
      en: 'WeChat is busy. Calls that may be repeated have been; if it lasts, look for a notice of WeChat.',
      zh: '微信系统繁忙。可重试的调用已自动重试;若持续出现,请查看微信公告。',
    },
  },
  40001: staleToken(),
  40014: staleToken(),
  42001: staleToken(),
  40002: misconfigured('grant_type is wrong.', 'grant_type 有误。'),
  40013: misconfigured(
    'Check the AppID: this is not one that WeChat knows, or the data belong to another mini-program.',
    '请检查 AppID:微信不认识它,或数据属于其他小程序。',
  ),
  40125: misconfigured(
    'Check the AppSecret: it is not the one of this AppID, or it was reset in the console.',
    '请检查 AppSecret:与该 AppID 不匹配,或已在后台重置。',
  ),
  41002: misconfigured('The AppID is empty.', 'AppID 为空。'),
  41004: misconfigured('The AppSecret is empty.', 'AppSecret 为空。'),
  40164: misconfigured(
    "WeChat sees this server as {seenIp}, which is not on the IP allow-list. Add it in WeChat's console (Development settings, IP allow-list).",
    '微信看到的服务器 IP 是 {seenIp},不在 IP 白名单中。请在微信后台“开发设置 - IP 白名单”中添加。',
  ),
  40243: misconfigured(
    "The AppSecret is frozen. Unfreeze it in WeChat's console.",
    'AppSecret 已被冻结,请在微信后台解冻。',
  ),
  50004: misconfigured('This account may not fetch access tokens.', '该账号被禁止获取接口调用凭证。'),
  50007: misconfigured('This account is frozen by WeChat.', '该账号已被微信冻结。'),
  48001: misconfigured(
    'This API is not granted to the account; see the list of interfaces in the console.',
    '账号没有该接口的权限,请在后台查看接口权限列表。',
  ),
  89503: ipDoubted('an administrator must confirm this IP', '需要管理员确认该 IP'),
  89506: ipDoubted('an administrator refused this IP; for 24 hours', '管理员拒绝了该 IP,24 小时内不可用'),
  89507: ipDoubted('an administrator refused this IP; for 1 hour', '管理员拒绝了该 IP,1 小时内不可用'),
  45009: quotaUsedUp(
    'The daily quota of this API is used up. It refills at 00:00 China time; 10 resets a month are free.',
    '该接口的每日额度已用完,北京时间 0 点恢复;每月可清零 10 次。',
  ),
  44993: quotaUsedUp(
    'The daily limit of link generation is used up.',
    '当日生成链接的次数已达上限,北京时间 0 点恢复。',
  ),
  48006: {
    code: 'WECHAT_QUOTA_USED_UP',
    retry: 'never',
    alert: true,
    advice: { en: 'The 10 quota resets of this month are used up.', zh: '本月 10 次额度清零机会已用完。' },
  },
  44990: tooFrequent({ retryAfterSeconds: 1, holdsPath: true }),
  44991: tooFrequent({ retryAfterSeconds: 60, holdsPath: true }),
  // Often counted per user (jscode2session: 100 a minute each), so one busy user must not hold the path for all.
  45011: tooFrequent({ retryAfterSeconds: 60 }),
  40003: invalidCall('the openid is not one of this mini-program', 'openid 不属于该小程序'),
  40097: invalidCall('an argument is wrong', '参数有误'),
  41001: invalidCall('the access token is missing', '缺少 access_token'),
  41008: invalidCall('the code is missing', '缺少 code'),
  43001: invalidCall('it must be sent with GET', '必须使用 GET 请求'),
  43002: invalidCall('it must be sent with POST', '必须使用 POST 请求'),
  44002: invalidCall('its body is empty', '请求体为空'),
  47001: invalidCall('its body is not valid JSON or lacks a field', '请求体不是合法 JSON 或缺少字段'),
  87008: invalidCall('sig_method is wrong', 'sig_method 有误'),
  40029: codeInvalid(
    'The code is older than 5 minutes, made up, or from another mini-program: ask the client for a new one. If every login fails so, AppID and AppSecret are not a pair.',
    'code 超过 5 分钟、系伪造或属于其他小程序:让客户端重新获取。若所有登录都如此,说明 AppID 与 AppSecret 不匹配。',
  ),
  40163: codeInvalid(
    'The code was used before: ask the client for a new one. If it happens at the first try, the client sends its request twice.',
    'code 已被使用:让客户端重新获取。若首次就出现,请检查客户端是否重复发送了请求。',
  ),
  40226: {
    code: 'WECHAT_USER_BLOCKED',
    retry: 'never',
    alert: false,
    advice: {
      en: 'WeChat holds this user for high risk. Do not retry.',
      zh: '微信判定为高风险用户,请勿重试。',
    },
  },
  87007: staleSession(),
  87009: staleSession(),
};

/** Errcodes that mean something else where tokens are given out. */
export const tokenEndpointRows: Readonly<Record<number, FailureRow>> = {
  40001: misconfigured(
    'Check the AppSecret: WeChat does not accept it for this AppID.',
    '请检查 AppSecret:微信不接受它与该 AppID 的组合。',
  ),
};

/** An errcode that is in no table: told as it is, never retried. */
export const unknownErrcodeRow: FailureRow = {
  code: 'WECHAT_ERRCODE_UNKNOWN',
  retry: 'never',
  alert: false,
  advice: {
    en: "Look up errcode {errcode} on WeChat's page of this API; the rid can be queried for 7 days.",
    zh: '请在微信该接口的文档中查询错误码 {errcode};rid 在 7 天内可查询。',
  },
};

function staleToken(): FailureRow {
  return {
    code: 'WECHAT_TOKEN_REFUSED',
    retry: 'new-token',
    alert: true,
    advice: {
      en: 'A new access token was fetched and refused as well. Look for another deployment with this AppID that forces refreshes or uses the legacy token; a forced refresh is the last resort.',
      zh: '重新获取的 access_token 仍被拒绝。请检查是否有其他部署使用同一 AppID 强制刷新或使用旧版 token;强制刷新是最后手段。',
    },
  };
}

function misconfigured(en: string, zh: string): FailureRow {
  return { code: 'WECHAT_MISCONFIGURED', retry: 'never', alert: true, advice: { en, zh } };
}

function ipDoubted(en: string, zh: string): FailureRow {
  return {
    ...misconfigured(
      `WeChat holds calls back: ${en}. The administrator gets a message in WeChat for each try.`,
      `微信暂缓了调用:${zh}。每次尝试都会给管理员推送消息。`,
    ),
    retryAfterSeconds: LOOK_AGAIN_SECONDS,
    holdsPath: true,
  };
}

function quotaUsedUp(en: string, zh: string): FailureRow {
  return {
    code: 'WECHAT_QUOTA_USED_UP',
    retry: 'never',
    retryAfterSeconds: LOOK_AGAIN_SECONDS,
    holdsPath: true,
    alert: true,
    advice: { en, zh },
  };
}

function tooFrequent(pause: Pick<FailureRow, 'retryAfterSeconds' | 'holdsPath'>): FailureRow {
  return {
    code: 'WECHAT_TOO_FREQUENT',
    retry: 'never',
    ...pause,
    alert: false,
    advice: {
      en: 'The rate limit of this API is reached. Spread the calls out.',
      zh: '已达到该接口的频率限制,请降低调用频率。',
    },
  };
}

function invalidCall(en: string, zh: string): FailureRow {
  return {
    code: 'WECHAT_CALL_INVALID',
    retry: 'never',
    alert: true,
    advice: {
      en: `This call is wrong: ${en}. It is a fault in the code.`,
      zh: `调用有误:${zh}。这是代码缺陷。`,
    },
  };
}

function codeInvalid(en: string, zh: string): FailureRow {
  return { code: 'WECHAT_CODE_INVALID', retry: 'never', alert: false, advice: { en, zh } };
}

function staleSession(): FailureRow {
  return {
    code: 'WECHAT_SESSION_STALE',
    retry: 'never',
    alert: false,
    advice: {
      en: 'The session key is no longer the one WeChat holds: the client must call wx.login again.',
      zh: 'session_key 已不是微信当前持有的:客户端需重新调用 wx.login。',
    },
  };
}
