import { DAY, type SettingsTable } from '@maque/kit';

/** Settings of who may come in, how often, and what is remembered of it. */
export const accountSettings = {
  wechatMoreApps: {
    type: 'list',
    env: 'MAQUE_WECHAT_MORE_APPS',
    default: [],
    secret: true,
    reason: 'most servers have one mini-program',
    meaning: {
      en: 'Further mini-programs whose users log in here: AppID:AppSecret, separated by commas',
      zh: '其他可登录的小程序：AppID:AppSecret，以逗号分隔',
    },
    memoryEffect: { en: 'About 0.1 MiB for each', zh: '每个约 0.1 MiB' },
  },
  staffTotp: {
    type: 'string',
    env: 'MAQUE_STAFF_TOTP',
    choices: ['optional', 'required'],
    default: 'optional',
    reason:
      'the first admin has to get in before there is anything to protect; a shop with money in it wants required',
    meaning: {
      en: 'Whether members of staff need an authenticator (six digits that change) to do anything',
      zh: '员工是否必须使用动态验证码',
    },
  },
  auditKeep: {
    type: 'duration',
    env: 'MAQUE_AUDIT_KEEP',
    default: 190 * DAY,
    min: 1 * DAY,
    max: 3_650 * DAY,
    reason:
      'the Cybersecurity Law of China (article 21) wants logs of six months; some days more, to be sure',
    meaning: { en: 'How long it is remembered what staff did', zh: '员工操作记录的保留时间' },
  },
  rateLimitUser: {
    type: 'integer',
    env: 'MAQUE_RATE_LIMIT_USER',
    default: 1_200,
    min: 0,
    max: 1_000_000_000,
    reason: 'twenty a second: a page opens with a dozen, and nobody opens two pages a second for a minute',
    meaning: {
      en: 'Requests a minute of one user; 0 for any number',
      zh: '每位用户每分钟的请求数；0 表示不限',
    },
  },
  rateLimitIp: {
    type: 'integer',
    env: 'MAQUE_RATE_LIMIT_IP',
    default: 6_000,
    min: 0,
    max: 1_000_000_000,
    reason:
      'of those who are not logged in: carriers and offices put hundreds of people behind one address. This box itself is never limited, since a proxy that is not trusted makes all callers look like it',
    meaning: {
      en: 'Requests a minute of callers from one address who are not logged in; 0 for any number',
      zh: '每个地址未登录请求的每分钟次数；0 表示不限',
    },
  },
  rateLimitLogin: {
    type: 'integer',
    env: 'MAQUE_RATE_LIMIT_LOGIN',
    default: 300,
    min: 0,
    max: 1_000_000_000,
    reason:
      'each is a call of WeChat that takes 0.1 s or more; a token is good for a week, so even hundreds behind one address stay below',
    meaning: {
      en: 'Logins a minute from one address; 0 for any number',
      zh: '每个地址每分钟的登录次数；0 表示不限',
    },
  },
  sharedBy: {
    type: 'integer',
    env: 'MAQUE_SHARED_BY',
    default: 1,
    min: 1,
    max: 1_000,
    reason: 'a server alone; the command puts the number of workers here',
    meaning: {
      en: 'Workers that share the traffic: each lets its part of the rate limits through',
      zh: '分担流量的工作进程数：限速按份额计算（由命令自动设置）',
    },
  },
} as const satisfies SettingsTable;
