import { defineErrors } from '@maque/kit';

/**
 * What is wrong with the options of alerts, and what a channel can answer. None of their data is a secret: an address of
 * a bot is one as a whole.
 */
export const alertErrors = defineErrors({
  ALERT_OPTION_INVALID: {
    status: 400,
    message: {
      en: 'alerts: {option} must be {expected}, not {actual}',
      zh: '告警配置：{option} 应为 {expected}，而不是 {actual}',
    },
  },
  ALERT_QUIET_HOURS_INVALID: {
    status: 400,
    message: {
      en: 'alerts: quiet hours must be two times such as 23:00-08:00, not {actual}',
      zh: '告警配置：免打扰时段应形如 23:00-08:00，而不是 {actual}',
    },
  },
  ALERT_TIME_ZONE_UNKNOWN: {
    status: 400,
    message: {
      en: 'alerts: there is no time zone {actual}; Asia/Shanghai is one',
      zh: '告警配置：时区 {actual} 不存在；正确的例子：Asia/Shanghai',
    },
  },
  ALERT_ADDRESS_INVALID: {
    status: 400,
    message: {
      en: 'alerts: the address of {channel} is not right: {expected} is expected',
      zh: '告警配置：{channel} 的地址不正确，应为 {expected}',
    },
  },
  ALERT_ADDRESS_INSECURE: {
    status: 400,
    message: {
      en: 'alerts: the address of {channel} must be encrypted ({expected}) unless it is on this machine',
      zh: '告警配置：{channel} 的地址须加密（{expected}），本机地址除外',
    },
  },
  ALERT_EMAIL_UNAVAILABLE: {
    status: 500,
    message: {
      en: 'E-mail needs the package nodemailer: npm install nodemailer',
      zh: '发送邮件需要 nodemailer:npm install nodemailer',
    },
  },
  ALERT_REFUSED: {
    status: 502,
    message: { en: '{channel} refuses the message: {reason}', zh: '{channel} 拒绝了消息：{reason}' },
  },
  ALERT_RATE_LIMITED: {
    status: 429,
    message: { en: '{channel} takes no more for now: {reason}', zh: '{channel} 限制发送频率：{reason}' },
  },
  ALERT_UNREACHABLE: {
    status: 503,
    message: { en: '{channel} cannot be reached: {reason}', zh: '无法连接 {channel}：{reason}' },
  },
});
