import { codeInvalid, type FailureRow, invalidCall, staleSession } from '../failure-row.ts';

/** Errcodes of login, session keys and phone numbers. */
export const loginRows: Readonly<Record<number, FailureRow>> = {
  87008: invalidCall('sig_method is wrong', 'sig_method 有误'),
  41008: invalidCall('the code is missing', '缺少 code'),
  40029: codeInvalid(
    'The code is older than 5 minutes, made up, or from another mini-program: ask the client for a new one. If every login fails so, AppID and AppSecret are not a pair.',
    'code 超过 5 分钟、系伪造或属于其他小程序：让客户端重新获取。若所有登录都如此，说明 AppID 与 AppSecret 不匹配。',
  ),
  40163: codeInvalid(
    'The code was used before: ask the client for a new one. If it happens at the first try, the client sends its request twice.',
    'code 已被使用：让客户端重新获取。若首次就出现，请检查客户端是否重复发送了请求。',
  ),
  40226: {
    code: 'WECHAT_USER_BLOCKED',
    retry: 'never',
    alert: false,
    advice: {
      en: 'WeChat holds this user for high risk. Do not retry.',
      zh: '微信判定为高风险用户，请勿重试。',
    },
  },
  87007: staleSession(),
  87009: staleSession(),
};
