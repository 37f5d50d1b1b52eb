import type { ApiFacts } from '../http/api-facts.ts';
import type { Caller, QuotaReport } from '../http/caller.ts';
import { numberField, toNumber, toRecord } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import type { Account } from '../token/fetch-token.ts';

/** How often an API may be called today, and how fast. */
export interface ApiQuota {
  readonly dailyLimit: number;
  readonly used: number;
  readonly left: number;
  /** Null when WeChat tells none. */
  readonly rate: { readonly calls: number; readonly seconds: number } | null;
}

export const GET_QUOTA: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/openapi/quota/get',
  page: 'getApiQuota',
  call: 'client.platform.quota',
  summary: { en: 'How often an API may still be called today.', zh: '查询接口当日的调用额度与剩余次数。' },
  errcodes: [-1, 40001, 76021, 76022],
};

export const CLEAR_QUOTA: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/clear_quota',
  page: 'clearQuota',
  call: 'client.platform.resetQuotas',
  summary: {
    en: 'Sets the counts of all APIs back to zero; 10 times a month.',
    zh: '清零全部接口的当日调用次数，每月 10 次。',
  },
  errcodes: [-1, 40001, 40013, 48006],
};

export const CLEAR_QUOTA_BY_SECRET: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/clear_quota/v2',
  page: 'clearQuotaByAppSecret',
  call: 'client.platform.resetQuotasBySecret',
  summary: {
    en: 'The same without an access token, for when none can be had.',
    zh: '使用 AppSecret 清零，适用于无法获取接口调用凭证时。',
  },
  errcodes: [-1, 40013, 41002, 41004, 43002, 48006],
};

/**
 * Asks how often an API may still be called today.
 * @param path of the API: `/wxa/msg_sec_check`.
 * @throws WechatError: `WECHAT_NOT_FOUND` for a path that is none, or below /sns/, where it cannot be asked for.
 */
export async function fetchQuota(
  callApi: ApiCaller,
  path: string,
  onQuota: (quota: QuotaReport) => void,
): Promise<ApiQuota> {
  const answer = await callApi({ ...GET_QUOTA, body: { cgi_path: path }, maxRetries: 2, secrets: [] });
  const quota = toRecord(answer.quota);
  const rate = toRecord(answer.rate_limit);
  const calls = toNumber(rate.call_count);
  const seconds = toNumber(rate.refresh_second);
  const dailyLimit = numberField(GET_QUOTA.path, quota, 'daily_limit');
  const left = numberField(GET_QUOTA.path, quota, 'remain');
  onQuota({ path, left, dailyLimit });
  return {
    dailyLimit,
    used: numberField(GET_QUOTA.path, quota, 'used'),
    left,
    rate: calls === null || seconds === null ? null : { calls, seconds },
  };
}

/** Sets all counts back to zero. Both ways together work 10 times a month. @throws WechatError `WECHAT_QUOTA_USED_UP` (48006) */
export async function resetQuotas(callApi: ApiCaller, { appId }: Account): Promise<void> {
  // Not repeated: a first try that seemed to fail may have used one of the ten up.
  await callApi({ ...CLEAR_QUOTA, body: { appid: appId }, maxRetries: 0, secrets: [] });
}

/** The same, for when the quota of the token endpoint itself is used up. @throws WechatError */
export async function resetQuotasBySecret(call: Caller, { appId, secret }: Account): Promise<void> {
  const body = { appid: appId, appsecret: secret };
  await call({ ...CLEAR_QUOTA_BY_SECRET, body, maxRetries: 0, secrets: [secret] });
}
