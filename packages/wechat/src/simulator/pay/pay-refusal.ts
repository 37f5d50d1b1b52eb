/**
 * Why WeChat Pay says no: HTTP status, code, the sentence, and the number that ends its Request-ID. Where the number of a
 * kind is not known it is that of its nearest kin.
 */
const REASONS = {
  'authorization missing': [401, 'SIGN_ERROR', 'Http头缺少Authorization信息', 268443699],
  'authorization malformed': [401, 'SIGN_ERROR', 'Http头Authorization值格式错误', 268443699],
  'clock off': [
    401,
    'SIGN_ERROR',
    'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
    268443699,
  ],
  'nonce repeated': [401, 'SIGN_ERROR', 'Http头Authorization中的nonce_str重复使用', 268443699],
  'serial unknown': [401, 'SIGN_ERROR', '商户证书序列号有误。请使用签名私钥匹配的证书序列号', 268443699],
  'signature wrong': [401, 'SIGN_ERROR', '错误的签名，验签失败', 268443699],
  'merchant unknown': [400, 'MCH_NOT_EXISTS', '商户号不存在', 268445527],
  'appid not bound': [400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配', 268445527],
  'headers missing': [400, 'PARAM_ERROR', 'Http头缺少Accept或User-Agent', 268435461],
  'body not JSON': [
    400,
    'PARAM_ERROR',
    '请求体不是合法的JSON，或Content-Type不是application/json',
    268435461,
  ],
  'body too large': [400, 'PARAM_ERROR', '请求体过大', 268435461],
  'field wrong': [400, 'PARAM_ERROR', '输入源“{source}”规则校验失败：{issue}', 268435461],
  'field unknown': [400, 'PARAM_ERROR', '请求中含有未在API文档中定义的参数', 270924358],
  'openid missing': [400, 'PARAM_ERROR', 'JSAPI支付必须传openid', 268501013],
  'time_expire past': [400, 'PARAM_ERROR', 'time_expire必须晚于当前时间', 268435461],
  'order paid': [400, 'INVALID_REQUEST', '该订单已支付', 268449538],
  'order closed': [400, 'ORDER_CLOSED', '该订单已关闭', 268435461],
  'order unpaid': [400, 'INVALID_REQUEST', '订单未支付，不能退款', 268435461],
  'number used': [403, 'OUT_TRADE_NO_USED', '商户订单号重复：请求重入时，参数与首次请求时不一致', 268498688],
  'order unknown': [404, 'ORDER_NOT_EXIST', '订单不存在', 268512771],
  'resource unknown': [404, 'RESOURCE_NOT_EXISTS', '查询的资源不存在', 268512771],
  'refund differs': [400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试', 268435461],
  'refund too much': [400, 'INVALID_REQUEST', '申请退款金额大于订单可退金额', 268435461],
  'refund too late': [400, 'INVALID_REQUEST', '订单已经超过可退款的最大期限', 268435461],
  'refunded too often': [403, 'RULE_LIMIT', '订单退款次数超过50次的限制', 268435461],
  'bill not ready': [400, 'STATEMENT_CREATING', '账单生成中，请在上午10点以后再下载', 268435461],
  'bill empty': [400, 'NO_STATEMENT_EXIST', '请求的账单文件不存在', 268435461],
} as const satisfies Record<string, readonly [status: number, code: string, message: string, fault: number]>;

type PayReason = keyof typeof REASONS;

// What a fault can make WeChat Pay say (`429 FREQUENCY_LIMITED`); codes that are not here get a general sentence.
const FAULT_MESSAGES: Readonly<Record<string, readonly [message: string, fault: number]>> = {
  FREQUENCY_LIMITED: ['频率超限，请降低请求频率后重试', 268447840],
  RATELIMIT_EXCEEDED: ['频率超限，请降低请求频率后重试', 268447840],
  SYSTEM_ERROR: ['系统异常，请用相同参数重新调用', 268435456],
  NOT_ENOUGH: ['基本账户余额不足，请充值后重新发起', 268435461],
};

interface RefusalFacts {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The number that ends the Request-ID. */
  readonly fault: number;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** The simulator says no as WeChat Pay would. */
export class PayRefusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    super(`${facts.status} ${facts.code}: ${facts.message}`);
    this.name = 'PayRefusal';
    this.facts = facts;
  }
}

/** @param detail what WeChat says of the place; `{source}` and `{issue}` of the sentence are filled in from it. */
export function refuse(reason: PayReason, detail?: Readonly<Record<string, unknown>>): PayRefusal {
  const [status, code, sentence, fault] = REASONS[reason];
  const message = sentence
    .replace('{source}', String(detail?.field ?? ''))
    .replace('{issue}', String(detail?.issue ?? ''));
  return new PayRefusal({ status, code, message, fault, detail });
}

/** What a `pay-error` fault makes WeChat Pay say. */
export function refuseAsFault(status: number, code: string): PayRefusal {
  const [message, fault] = FAULT_MESSAGES[code] ?? ['请求失败', 268435461];
  return new PayRefusal({ status, code, message, fault });
}
