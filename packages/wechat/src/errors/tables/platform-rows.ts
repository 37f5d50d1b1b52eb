import {
  busy,
  type FailureRow,
  invalidCall,
  ipDoubted,
  misconfigured,
  notFound,
  quotaUsedUp,
  staleToken,
  tooFrequent,
} from '../failure-row.ts';

/** Errcodes that every API may answer. */
export const platformRows: Readonly<Record<number, FailureRow>> = {
  [-1]: busy(),
  40001: staleToken(),
  40014: staleToken(),
  42001: staleToken(),
  40002: misconfigured('grant_type is wrong.', 'grant_type 有误。'),
  40013: misconfigured(
    'Check the AppID: this is not one that WeChat knows, or the data belong to another mini-program.',
    '请检查 AppID：微信不认识它，或数据属于其他小程序。',
  ),
  40125: misconfigured(
    'Check the AppSecret: it is not the one of this AppID, or it was reset in the console.',
    '请检查 AppSecret：与该 AppID 不匹配，或已在后台重置。',
  ),
  41002: misconfigured('The AppID is empty.', 'AppID 为空。'),
  41004: misconfigured('The AppSecret is empty.', 'AppSecret 为空。'),
  40164: misconfigured(
    "WeChat sees this server as {seenIp}, which is not on the IP allow-list. Add it in WeChat's console (Development settings, IP allow-list).",
    '微信看到的服务器 IP 是 {seenIp}，不在 IP 白名单中。请在微信后台“开发设置 - IP 白名单”中添加。',
  ),
  40243: misconfigured(
    "The AppSecret is frozen. Unfreeze it in WeChat's console.",
    'AppSecret 已被冻结，请在微信后台解冻。',
  ),
  50004: misconfigured('This account may not fetch access tokens.', '该账号被禁止获取接口调用凭证。'),
  50007: misconfigured('This account is frozen by WeChat.', '该账号已被微信冻结。'),
  48001: misconfigured(
    'This API is not granted to the account; see the list of interfaces in the console.',
    '账号没有该接口的权限，请在后台查看接口权限列表。',
  ),
  89503: ipDoubted('an administrator must confirm this IP', '需要管理员确认该 IP'),
  89506: ipDoubted('an administrator refused this IP; for 24 hours', '管理员拒绝了该 IP，24 小时内不可用'),
  89507: ipDoubted('an administrator refused this IP; for 1 hour', '管理员拒绝了该 IP，1 小时内不可用'),
  45009: quotaUsedUp(
    'The daily quota of this API is used up. It refills at 00:00 China time; 10 resets a month are free.',
    '该接口的每日额度已用完，北京时间 0 点恢复；每月可清零 10 次。',
  ),
  44993: quotaUsedUp(
    'The daily limit of link generation is used up.',
    '当日生成链接的次数已达上限，北京时间 0 点恢复。',
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
  43001: invalidCall('it must be sent with GET', '必须使用 GET 请求'),
  43002: invalidCall('it must be sent with POST', '必须使用 POST 请求'),
  44002: invalidCall('its body is empty', '请求体为空'),
  47001: invalidCall('its body is not valid JSON or lacks a field', '请求体不是合法 JSON 或缺少字段'),
  41030: misconfigured(
    'The released version of the mini-program has no such page.',
    '已发布版本的小程序中没有该页面。',
  ),
  76001: notFound('No call has this rid.', '没有该 rid 对应的调用。'),
  76002: notFound(
    'This is not a rid; look for "rid:" at the end of an errmsg.',
    '这不是 rid，请查看 errmsg 末尾的 rid。',
  ),
  76003: notFound('This rid belongs to another account.', '该 rid 属于其他账号。'),
  76004: notFound('The call was more than 7 days ago.', '该调用已超过 7 天。'),
  76021: notFound('No API has this path.', '没有该路径的接口。'),
  76022: notFound(
    'The quota of this path cannot be asked for, as with those below /sns/.',
    '该路径不支持查询额度（如 /sns/ 下的接口）。',
  ),
};
