import { type FailureRow, invalidCall, misconfigured } from '../failure-row.ts';

/** Errcodes of subscribe messages and their templates. */
export const messageRows: Readonly<Record<number, FailureRow>> = {
  40037: misconfigured(
    'Check the template id: this mini-program has no such template.',
    '请检查模板 ID：该小程序没有这个模板。',
  ),
  43101: {
    code: 'WECHAT_NO_CONSENT',
    retry: 'never',
    alert: false,
    advice: {
      en: 'The user did not subscribe, has used up what they agreed to, or refuses. Normal: ask again at their next tap.',
      zh: '用户未订阅、次数已用完或已拒收。属正常情况：下次用户点击时再请求订阅。',
    },
  },
  43107: misconfigured(
    'WeChat has banned this template, or subscribe messages of this account. See the notices in the console.',
    '该模板或账号的订阅消息能力已被封禁，请查看微信后台的通知。',
  ),
  43108: {
    code: 'WECHAT_TOO_FREQUENT',
    retry: 'next-second',
    retryAfterSeconds: 1,
    alert: false,
    advice: {
      en: 'Several messages went to one user at the same moment. Send them one after the other.',
      zh: '同一时刻向同一用户发送了多条消息，请逐条发送。',
    },
  },
  45168: {
    code: 'WECHAT_CONTENT_REFUSED',
    retry: 'never',
    alert: false,
    advice: {
      en: 'The message holds words that WeChat does not let through. Check what users may write into it.',
      zh: '消息含有敏感词。请检查其中由用户填写的内容。',
    },
  },
  47003: invalidCall(
    'a value does not fit its field; errmsg names the field',
    '字段取值不符合规则，errmsg 中有字段名',
  ),
  200011: misconfigured('This account is banned and cannot use templates.', '账号已被封禁，无法操作模板。'),
  200012: misconfigured(
    'The account has as many templates as it may have. Delete one that is not used.',
    '个人模板数已达上限，请删除不用的模板。',
  ),
  200013: misconfigured(
    'This public template is banned; choose another.',
    '该公共模板已被封禁，请选用其他模板。',
  ),
  200014: invalidCall('tid is not the id of a public template', 'tid 参数有误'),
  200016: invalidCall('start is wrong', 'start 参数有误'),
  200017: invalidCall('limit is wrong', 'limit 参数有误'),
  200018: invalidCall('the ids of the categories are missing', '缺少类目 ids'),
  200019: invalidCall('the ids of the categories are not ones of this account', '类目 ids 不合法'),
  200020: invalidCall('kidList is not 2 to 5 keywords of this template', '关键词列表 kidList 参数有误'),
  200021: invalidCall('sceneDesc is longer than 15 characters', '场景描述 sceneDesc 参数有误'),
};
