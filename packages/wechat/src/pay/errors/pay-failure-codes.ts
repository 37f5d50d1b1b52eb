import type { ErrorDefinition } from '@maque/kit';

/** What sort of trouble a failed payment call is; decides who has to do something about it. */
export type PayFailureKind =
  | 'busy'
  | 'rate'
  | 'configuration'
  | 'programming'
  | 'state'
  | 'network'
  | 'answer'
  | 'forged'
  | 'unknown';

interface PayFailureDefinition extends ErrorDefinition {
  readonly kind: PayFailureKind;
}

/**
 * The codes of `WechatPayError`. `status` is what our own caller deserves, and the message is fit for anybody's eyes:
 * what only operators may read is in the error's advice and fields.
 */
export const payFailureCodes = {
  WECHAT_PAY_BUSY: {
    kind: 'busy',
    status: 503,
    message: { en: 'WeChat Pay is busy; try again shortly', zh: '微信支付系统繁忙，请稍后再试' },
  },
  WECHAT_PAY_TOO_FREQUENT: {
    kind: 'rate',
    status: 429,
    message: {
      en: 'Too many requests to WeChat Pay; try again later',
      zh: '请求微信支付过于频繁，请稍后再试',
    },
  },
  WECHAT_PAY_MISCONFIGURED: {
    kind: 'configuration',
    status: 500,
    message: { en: 'WeChat Pay is not set up right on this server', zh: '服务器的微信支付配置有误' },
  },
  WECHAT_PAY_CLOCK_WRONG: {
    kind: 'configuration',
    status: 500,
    message: { en: "This server's clock and WeChat Pay's differ", zh: '服务器时钟与微信支付不一致' },
  },
  WECHAT_PAY_CALL_INVALID: {
    kind: 'programming',
    status: 500,
    message: { en: 'The call to WeChat Pay was not valid', zh: '对微信支付的调用不合法' },
  },
  WECHAT_PAY_RULE_REFUSED: {
    kind: 'state',
    status: 403,
    message: { en: 'WeChat Pay does not allow this', zh: '微信支付不允许此操作' },
  },
  WECHAT_PAY_NUMBER_TAKEN: {
    kind: 'state',
    status: 409,
    message: { en: 'This number stands for another payment already', zh: '该单号已用于另一笔支付' },
  },
  WECHAT_PAY_ALREADY_PAID: {
    kind: 'state',
    status: 409,
    message: { en: 'This order is paid already', zh: '该订单已支付' },
  },
  WECHAT_PAY_CLOSED: {
    kind: 'state',
    status: 409,
    message: { en: 'This order is closed', zh: '该订单已关闭' },
  },
  WECHAT_PAY_NOT_FOUND: {
    kind: 'state',
    status: 404,
    message: { en: 'WeChat Pay does not know this', zh: '微信支付没有该记录' },
  },
  WECHAT_PAY_BALANCE_SHORT: {
    kind: 'configuration',
    status: 503,
    message: {
      en: 'The refund cannot be paid at the moment; try again later',
      zh: '暂时无法退款，请稍后再试',
    },
  },
  WECHAT_PAY_BILL_NOT_THERE: {
    kind: 'state',
    status: 404,
    message: { en: 'WeChat Pay has no bill of that day', zh: '微信支付没有该日的账单' },
  },
  WECHAT_PAY_BILL_DAMAGED: {
    kind: 'answer',
    status: 502,
    message: { en: 'The bill of WeChat Pay is damaged', zh: '微信支付账单已损坏' },
  },
  WECHAT_PAY_UNREACHABLE: {
    kind: 'network',
    status: 502,
    message: { en: 'WeChat Pay cannot be reached', zh: '无法连接微信支付' },
  },
  WECHAT_PAY_TIMED_OUT: {
    kind: 'network',
    status: 504,
    message: { en: 'WeChat Pay did not answer in time', zh: '微信支付响应超时' },
  },
  WECHAT_PAY_ANSWER_UNREADABLE: {
    kind: 'answer',
    status: 502,
    message: { en: 'WeChat Pay gave an answer that makes no sense', zh: '微信支付返回了无法识别的内容' },
  },
  WECHAT_PAY_ANSWER_FORGED: {
    kind: 'forged',
    status: 502,
    message: { en: 'An answer is not signed by WeChat Pay', zh: '应答不是由微信支付签名的' },
  },
  WECHAT_PAY_NOTIFICATION_REFUSED: {
    kind: 'forged',
    status: 401,
    message: { en: 'The notification is not to be believed', zh: '该通知不可信' },
  },
  WECHAT_PAY_NOTIFICATION_UNREADABLE: {
    kind: 'answer',
    status: 400,
    message: { en: 'The notification makes no sense', zh: '该通知无法识别' },
  },
  WECHAT_PAY_OTHER_MERCHANT: {
    kind: 'configuration',
    status: 403,
    message: { en: 'This belongs to another merchant or mini-program', zh: '数据属于其他商户或小程序' },
  },
  WECHAT_PAY_CODE_UNKNOWN: {
    kind: 'unknown',
    status: 502,
    message: { en: 'WeChat Pay refused the call', zh: '微信支付拒绝了该调用' },
  },
} as const satisfies Record<string, PayFailureDefinition>;

export type PayFailureCode = keyof typeof payFailureCodes;
