import { type AlertRule, rising, steady } from '../alert-rule.ts';
import { SOURCES } from '../alert-sources.ts';
import { GUIDE } from '../guide-pages.ts';
import type { Watched } from '../watched.ts';

const withPayments =
  <Level>(...levels: readonly Level[]) =>
  ({ hasServer, hasPayments }: Watched): readonly Level[] =>
    hasServer && hasPayments ? levels : [];

const notifications = (outcome: string, window: string) =>
  `sum without (worker, outcome) (increase(maque_pay_notifications_total{outcome="${outcome}"}[${window}]))`;

/** Of money: payments that somebody has to look at. */
export const paymentAlerts: readonly AlertRule[] = [
  {
    name: 'MaquePaymentsOverdue',
    measure: 'max without (worker) (maque_payments_overdue)',
    alarmsWhen: 'above',
    levels: withPayments({ severity: 'warning', limit: 0, forMinutes: 30 }),
    unit: 'number',
    summary: {
      en: '{app}: {value} payments are open for more than an hour',
      zh: '{app}：{value} 笔支付超过一小时没有结果',
    },
    advice: {
      en: 'Compare them with the merchant platform: the notify address must be reachable from outside',
      zh: '与商户平台核对；确认回调地址能从外网访问',
    },
    guide: GUIDE.payments,
    meaning: {
      short: { en: 'payments open for more than an hour', zh: '超过一小时未完成的支付数' },
      explanation: {
        en: 'A payment is paid or closed within minutes, because the server asks WeChat when no notification comes. Open for longer, neither the notification nor the question gets through.',
        zh: '收不到通知时服务器会主动查询，所以支付几分钟内就有结果。一直没有，说明通知和查询都不通。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [steady('maque_payments_overdue{worker="w1"}', value)],
  },
  {
    name: 'MaquePaymentMismatch',
    measure: notifications('mismatch', '1h'),
    alarmsWhen: 'above',
    levels: withPayments({ severity: 'critical', limit: 0, forMinutes: 0 }),
    unit: 'number',
    summary: {
      en: '{app}: WeChat Pay tells of a payment that is not as in our books',
      zh: '{app}：微信支付通知与本地账目不符',
    },
    advice: {
      en: 'The log has payment and amounts; ship nothing before it is understood',
      zh: '日志里有订单与金额；弄清楚之前不要发货',
    },
    guide: GUIDE.payments,
    meaning: {
      short: { en: 'notifications that contradict our books, in an hour', zh: '一小时内与账目不符的通知' },
      explanation: {
        en: 'The signature is right and amount or order are not: two servers with one merchant, a restored backup, or a fault in the app.',
        zh: '签名正确，金额或订单却对不上：两台服务器共用商户号、恢复了旧备份，或应用有错。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_pay_notifications_total{worker="w1",outcome="mismatch"}', value)],
  },
  {
    name: 'MaquePaymentNotificationsFail',
    measure: notifications('failed', '15m'),
    alarmsWhen: 'above',
    levels: withPayments({ severity: 'critical', limit: 2, forMinutes: 0 }),
    unit: 'number',
    summary: {
      en: '{app}: {value} notifications of WeChat Pay could not be booked',
      zh: '{app}：{value} 条支付通知没能入账',
    },
    advice: {
      en: "The app's own handler fails, or the database does: the log has the error",
      zh: '应用自己的处理函数或数据库出错，日志里有错误',
    },
    guide: GUIDE.payments,
    meaning: {
      short: { en: 'notifications that failed here, in 15 minutes', zh: '15 分钟内处理失败的通知' },
      explanation: {
        en: 'WeChat repeats them for a day, so one or two mend themselves. More, and users have paid for what they do not get.',
        zh: '微信会在一天内重发，一两次会自行恢复。再多，用户就付了钱却没拿到东西。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('maque_pay_notifications_total{worker="w1",outcome="failed"}', value / 15)],
  },
  {
    name: 'MaquePaymentNotificationsRefused',
    measure: notifications('refused', '15m'),
    alarmsWhen: 'above',
    levels: withPayments({ severity: 'warning', limit: 20, forMinutes: 0 }),
    unit: 'number',
    summary: {
      en: '{app}: {value} notifications are not from WeChat Pay, or cannot be read',
      zh: '{app}：{value} 条通知不是来自微信支付，或无法解密',
    },
    advice: {
      en: 'Somebody probes the address; or the API v3 key or the public key was changed at WeChat only',
      zh: '有人在探测这个地址；或 APIv3 密钥、公钥只在微信侧换了',
    },
    guide: GUIDE.payments,
    meaning: {
      short: { en: 'notifications refused in 15 minutes', zh: '15 分钟内拒绝的通知' },
      explanation: {
        en: 'Forged ones are refused and harm nobody. Twenty in a quarter of an hour are an attack, or all real ones, because a key is wrong.',
        zh: '伪造的通知会被拒绝，没有危害。一刻钟二十条，要么是攻击，要么密钥错了，真通知也全被拒。',
      },
      source: SOURCES.custom,
    },
    example: (value) => [rising('maque_pay_notifications_total{worker="w1",outcome="refused"}', value / 15)],
  },
  {
    name: 'MaqueRefundFailed',
    measure: 'sum without (worker, event) (increase(maque_payments_total{event="refund-failed"}[1h]))',
    alarmsWhen: 'above',
    levels: withPayments({ severity: 'warning', limit: 0, forMinutes: 0 }),
    unit: 'number',
    summary: { en: '{app}: a refund failed', zh: '{app}：有退款失败' },
    advice: {
      en: 'Often the account of the merchant is empty: top it up, refund again from the console',
      zh: '常见原因是商户账户余额不足：充值后在控制台重新退款',
    },
    guide: GUIDE.payments,
    meaning: {
      short: { en: 'refunds that failed, in an hour', zh: '一小时内失败的退款' },
      explanation: {
        en: 'The buyer waits for money and complains to WeChat, not to you.',
        zh: '买家在等退款，并且会向微信投诉，而不是找你。',
      },
      source: SOURCES.event,
    },
    example: (value) => [rising('maque_payments_total{worker="w1",event="refund-failed"}', value)],
  },
];
