import { defineSettings, MINUTE, SECOND, type SettingsOf } from '@maque/kit';
import { RULE_NAMES } from './rules.ts';

/** Whom to tell when something goes wrong, by environment: nobody unless a channel is set. */
export const alertSettings = defineSettings({
  alertWecom: {
    type: 'string',
    env: 'MAQUE_ALERT_WECOM',
    secret: true,
    meaning: {
      en: 'WeCom group bot that alerts go to: its webhook address, or only the key',
      zh: '企业微信群机器人：Webhook 地址，或只填其中的 key',
    },
  },
  alertDingtalk: {
    type: 'string',
    env: 'MAQUE_ALERT_DINGTALK',
    secret: true,
    meaning: {
      en: 'DingTalk bot that alerts go to: its webhook address, or only the access token',
      zh: '钉钉自定义机器人：Webhook 地址，或只填其中的 access_token',
    },
  },
  alertDingtalkSecret: {
    type: 'string',
    env: 'MAQUE_ALERT_DINGTALK_SECRET',
    secret: true,
    meaning: { en: 'What the DingTalk bot wants messages signed with', zh: '钉钉机器人的加签密钥' },
  },
  alertFeishu: {
    type: 'string',
    env: 'MAQUE_ALERT_FEISHU',
    secret: true,
    meaning: {
      en: 'Feishu bot that alerts go to: its webhook address, or only the id at its end',
      zh: '飞书自定义机器人：Webhook 地址，或只填末尾的 id',
    },
  },
  alertFeishuSecret: {
    type: 'string',
    env: 'MAQUE_ALERT_FEISHU_SECRET',
    secret: true,
    meaning: { en: 'What the Feishu bot wants messages signed with', zh: '飞书机器人的签名校验密钥' },
  },
  alertSmtp: {
    type: 'string',
    env: 'MAQUE_ALERT_SMTP',
    secret: true,
    meaning: {
      en: 'Mail server for alerts: smtps://user:password@host, special characters escaped (%40 for @)',
      zh: '发送告警的邮件服务器：smtps://用户：密码@主机，特殊字符须转义（@ 写作 %40）',
    },
  },
  alertEmailTo: {
    type: 'list',
    env: 'MAQUE_ALERT_EMAIL_TO',
    default: [],
    reason: 'there is nobody to write to until someone is named',
    meaning: { en: 'Addresses that get alerts by e-mail', zh: '接收告警的邮箱地址' },
  },
  alertEmailFrom: {
    type: 'string',
    env: 'MAQUE_ALERT_EMAIL_FROM',
    meaning: {
      en: 'Sender of the mails; by default the user of the mail server',
      zh: '发件人；默认为邮件服务器的用户',
    },
  },
  alertWebhook: {
    type: 'string',
    env: 'MAQUE_ALERT_WEBHOOK',
    secret: true,
    meaning: { en: 'https address that gets alerts as JSON', zh: '以 JSON 接收告警的 https 地址' },
  },
  alertWebhookSecret: {
    type: 'string',
    env: 'MAQUE_ALERT_WEBHOOK_SECRET',
    secret: true,
    meaning: { en: 'What requests to the webhook are signed with', zh: 'Webhook 请求的签名密钥' },
  },
  alertMentionAll: {
    type: 'boolean',
    env: 'MAQUE_ALERT_MENTION_ALL',
    default: false,
    reason: 'a group decides for itself whether it wants to be woken up',
    meaning: {
      en: 'Mention everybody in a group when it is urgent, so that a muted group rings',
      zh: '紧急告警时 @所有人，免打扰的群也会提醒',
    },
  },
  alertQuietHours: {
    type: 'string',
    env: 'MAQUE_ALERT_QUIET_HOURS',
    meaning: {
      en: 'Local hours such as 23:00-08:00 in which only urgent alerts are sent; the rest comes as one message after',
      zh: '免打扰时段，如 23:00-08:00：其间只发送紧急告警，其余之后合并为一条',
    },
  },
  alertTimeZone: {
    type: 'string',
    env: 'MAQUE_ALERT_TIME_ZONE',
    meaning: {
      en: 'Time zone of quiet hours and of times in messages, e.g. Asia/Shanghai; by default that of the machine',
      zh: '免打扰时段与消息时间所用的时区，如 Asia/Shanghai；默认为本机时区',
    },
  },
  alertOff: {
    type: 'list',
    env: 'MAQUE_ALERT_OFF',
    default: [],
    reason: 'each rule holds still on a server that is well',
    members: RULE_NAMES,
    meaning: {
      en: `Rules that are off: ${RULE_NAMES.join(', ')}`,
      zh: `关闭的规则：${RULE_NAMES.join('、')}`,
    },
  },
  alertP95: {
    type: 'duration',
    env: 'MAQUE_ALERT_P95',
    default: SECOND,
    min: 10,
    max: 10 * MINUTE,
    reason: 'a second is what people notice as waiting; an app that makes long reports knows better',
    meaning: {
      en: 'Alert when the 95th percentile of answer times stays above this for two minutes',
      zh: '第 95 百分位响应时间持续两分钟超过该值时告警',
    },
  },
});

export type AlertSettings = SettingsOf<typeof alertSettings>;
