import { type FailureRow, invalidCall, misconfigured } from '../failure-row.ts';

/**
 * Errcodes of customer-service messages. WeChat's page of today lists 40013 and 70000 alone; 45015 and 45047 stand in its
 * older pages and are what developers report, the others in its table of return codes.
 */
export const customerServiceRows: Readonly<Record<number, FailureRow>> = {
  40007: {
    code: 'WECHAT_NOT_FOUND',
    retry: 'never',
    alert: false,
    advice: {
      en: 'WeChat does not know this media_id: it is made up, or was uploaded more than 3 days ago.',
      zh: 'media_id 无效：不存在，或已超过 3 天有效期。',
    },
  },
  40008: invalidCall('this kind of message does not exist', '消息类型有误'),
  40200: misconfigured('Accounts of this kind cannot answer customers.', '该类型账号不支持客服消息。'),
  45002: invalidCall('the text is too long', '消息内容超过长度限制'),
  45015: replyClosed(
    'The user wrote more than 48 hours ago, or opened the conversation more than a minute ago: only a subscribe message reaches them now.',
    '用户最后一次发消息已超过 48 小时（仅进入会话则为 1 分钟）：此时只能使用订阅消息。',
  ),
  45047: replyClosed(
    'All replies are used up: 5 for each message of the user, 2 after they opened the conversation. They must write again.',
    '可下发条数已用完：用户每次发消息可回复 5 条，仅进入会话为 2 条。需等用户再次发消息。',
  ),
  45072: invalidCall('the typing command is wrong', 'command 取值有误'),
  45080: replyClosed(
    'The typing state is only shown within 30 seconds of a message from or to the user.',
    '下发输入状态要求 30 秒内与用户有过消息往来。',
  ),
  45081: {
    code: 'WECHAT_TOO_FREQUENT',
    retry: 'never',
    retryAfterSeconds: 15,
    alert: false,
    advice: {
      en: 'The typing state is shown already; it lasts 15 seconds.',
      zh: '已处于输入状态（持续 15 秒），无需重复下发。',
    },
  },
  70000: {
    code: 'WECHAT_CONTENT_REFUSED',
    retry: 'never',
    alert: false,
    advice: {
      en: 'WeChat did not deliver the message, for the protection of minors.',
      zh: '为保护未成年人权益，微信未下发该消息。',
    },
  },
};

function replyClosed(en: string, zh: string): FailureRow {
  return { code: 'WECHAT_REPLY_CLOSED', retry: 'never', alert: false, advice: { en, zh } };
}
