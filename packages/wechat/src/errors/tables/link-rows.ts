import { type FailureRow, invalidCall, misconfigured, tooFrequent } from '../failure-row.ts';

/** Errcodes of QR codes, URL links and schemes. */
export const linkRows: Readonly<Record<number, FailureRow>> = {
  40165: invalidCall('the path is no page of the mini-program', 'path 不是小程序的页面'),
  40169: invalidCall('scene must have 1 to 32 of the allowed characters', 'scene 须为 1 至 32 个允许的字符'),
  40212: invalidCall('the query is not valid', 'query 有误'),
  85079: misconfigured(
    'The mini-program has no released version: links open released ones only.',
    '小程序尚未发布线上版本：链接只能打开已发布的小程序。',
  ),
  85096: invalidCall('scancode_time is a word that WeChat keeps for itself', 'scancode_time 是系统保留参数'),
  85401: invalidCall(
    'a link ends after 1 minute at the earliest and 30 days at the latest',
    '有效期须在 1 分钟至 30 天之间',
  ),
  85402: invalidCall('env_version is wrong', 'env_version 有误'),
  85406: {
    code: 'WECHAT_QUOTA_USED_UP',
    retry: 'never',
    alert: true,
    advice: {
      en: 'The links were opened 3,000,000 times today, which is all that a day allows.',
      zh: '今日链接打开次数已达 300 万次上限。',
    },
  },
  85407: misconfigured(
    'Links are not for personal accounts; the mini-program must belong to a company or an organisation.',
    '个人主体小程序不能生成链接。',
  ),
  85408: misconfigured(
    'WeChat has barred this mini-program from making links; look for its notice in the console.',
    '小程序生成链接的能力已被限制，请在微信后台查看通知。',
  ),
};

/** What some general errcodes mean where links are made. */
export const generateLinkRows: Readonly<Record<number, FailureRow>> = {
  40002: misconfigured(
    'This account may not make links: personal ones may not.',
    '该账号不能生成链接：个人主体不支持。',
  ),
  40013: misconfigured(
    'WeChat has barred this mini-program from making links, or does not know the AppID.',
    '小程序生成链接的能力已被限制，或 AppID 有误。',
  ),
};

/** And where QR codes are drawn. */
export const qrCodeRows: Readonly<Record<number, FailureRow>> = {
  40129: invalidCall('scene has characters that are not allowed', 'scene 含有不允许的字符'),
  // Elsewhere the quota of a day. Of these there are any number a day, and this is its answer to 5,000 a minute.
  45009: {
    ...tooFrequent({ retryAfterSeconds: 60, holdsPath: true }),
    advice: {
      en: 'More than 5,000 QR codes were asked for in a minute. Spread the calls out, and keep the pictures.',
      zh: '一分钟内请求的小程序码超过 5000 个。请降低调用频率，并保存已生成的图片。',
    },
  },
};
