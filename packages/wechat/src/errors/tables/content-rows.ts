import { type FailureRow, invalidCall, tooFrequent } from '../failure-row.ts';

/** Errcodes of content and user checks. */
export const contentRows: Readonly<Record<number, FailureRow>> = {
  40004: invalidCall('the kind of medium is wrong', '媒体类型有误'),
  40129: invalidCall('scene is not one that WeChat knows', 'scene 有误'),
  43104: invalidCall('the openid belongs to another mini-program', 'openid 与该小程序不匹配'),
  61010: {
    code: 'WECHAT_USER_AWAY',
    retry: 'never',
    alert: false,
    advice: {
      en: 'The user has not used the mini-program within two hours (30 minutes for the risk rank). Check when the user acts, or let a person look.',
      zh: '用户两小时内未访问小程序（风险等级为 30 分钟）。请在用户操作时检测，或转人工审核。',
    },
  },
  87020: tooFrequent({ retryAfterSeconds: 60 }),
};
