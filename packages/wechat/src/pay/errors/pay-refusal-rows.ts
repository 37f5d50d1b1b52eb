import {
  type PayFailureRow,
  payBusy,
  payCallInvalid,
  payMisconfigured,
  payState,
  payTooFrequent,
} from './pay-failure-row.ts';
import { meansPaidAlready } from './pay-fault-numbers.ts';

const systemError = payBusy(
  'WeChat Pay had a fault of its own. Ask again with the same number and the same parameters, never with a new number.',
  '微信支付系统异常。请用相同单号与相同参数重试，切勿更换单号。',
);

const tooFrequent = payTooFrequent(
  'The rate limit of this API is reached. Spread the calls out.',
  '已达到该接口的频率限制，请降低调用频率。',
);

const unknownPayment = payState(
  'WECHAT_PAY_NOT_FOUND',
  'WeChat Pay knows no payment or refund of this number. Check the number and the merchant.',
  '微信支付没有该单号的支付或退款。请核对单号与商户号。',
);

const alreadyPaid = payState(
  'WECHAT_PAY_ALREADY_PAID',
  'Query the payment and treat the order as paid; to give the money back, refund it.',
  '请查询该支付并按已支付处理；如需退钱请发起退款。',
);

const parameterError = payCallInvalid(
  'WeChat Pay does not accept a parameter: {said}. It is a fault in the code or in a setting.',
  '微信支付不接受某个参数：{said}。这是代码或配置的缺陷。',
);

/** The codes that WeChat Pay refuses with. Their official names are on each API's page, under "错误码". */
export const payRefusalRows = {
  PARAM_ERROR: parameterError,
  INVALID_REQUEST: parameterError,
  APPID_MCHID_NOT_MATCH: payMisconfigured(
    "Bind this AppID to the merchant number in the merchant console (product centre, AppID accounts), and confirm it in the mini-program's own console.",
    '请在商户平台（产品中心 → AppID 账号管理）绑定该 AppID，并在小程序后台确认。',
  ),
  MCH_NOT_EXISTS: payMisconfigured(
    'Check the merchant number: WeChat Pay does not know it.',
    '请检查商户号：微信支付没有该商户。',
  ),
  ORDER_CLOSED: payState(
    'WECHAT_PAY_CLOSED',
    'The order is closed and cannot be paid any more; start again with a new number.',
    '订单已关闭，无法再支付；请使用新的单号重新下单。',
  ),
  SIGN_ERROR: payMisconfigured(
    'WeChat Pay does not accept our signature: {said}. Check that the private key, the serial number of its certificate and the merchant number belong together.',
    '微信支付验签失败：{said}。请检查商户私钥、证书序列号与商户号是否对应。',
  ),
  NO_AUTH: payMisconfigured(
    'The merchant may not use this API: {said}. Apply for JSAPI payment (or refunds) in the merchant console.',
    '商户无权使用该接口：{said}。请在商户平台开通 JSAPI 支付（或退款）权限。',
  ),
  OUT_TRADE_NO_USED: payState(
    'WECHAT_PAY_NUMBER_TAKEN',
    'This number was used before with other parameters. Query it first: it may be paid. Another order needs another number.',
    '该单号曾以不同参数下单。请先查询，它可能已支付；另一笔订单需用新的单号。',
  ),
  ORDERPAID: alreadyPaid,
  ORDER_PAID: alreadyPaid,
  RULE_LIMIT: payState(
    'WECHAT_PAY_RULE_REFUSED',
    'A rule of WeChat Pay forbids it: {said}. Risk control, limits of the account or of the merchant.',
    '触发微信支付业务规则限制：{said}。可能是风控、账户或商户限额。',
  ),
  TRADE_ERROR: payState(
    'WECHAT_PAY_RULE_REFUSED',
    "The trade failed: {said}. Often the user's account cannot pay; another try is for the user to make.",
    '交易错误：{said}。常见原因是用户账户无法支付，可由用户重新尝试。',
  ),
  ACCOUNT_ERROR: payState(
    'WECHAT_PAY_RULE_REFUSED',
    "The user's account cannot pay: {said}.",
    '用户账户异常，无法支付：{said}。',
  ),
  USER_ACCOUNT_ABNORMAL: payState(
    'WECHAT_PAY_RULE_REFUSED',
    "The user's account cannot take the refund: {said}. Give the money back another way.",
    '用户账户异常，无法退款：{said}。请以其他方式退款。',
  ),
  OPENID_MISMATCH: payCallInvalid(
    'The openid is not of this AppID. Take the one that login answered with.',
    'openid 与 AppID 不匹配。请使用登录接口返回的 openid。',
  ),
  NOT_ENOUGH: {
    code: 'WECHAT_PAY_BALANCE_SHORT',
    retry: 'never',
    retryAfterSeconds: 3600,
    alert: true,
    advice: {
      en: "The merchant's balance is too small for this refund. Top it up in the merchant console, then ask again with the same refund number.",
      zh: '商户账户余额不足以退款。请在商户平台充值后，以相同退款单号重试。',
    },
  },
  ORDER_NOT_EXIST: unknownPayment,
  RESOURCE_NOT_EXISTS: unknownPayment,
  REFUND_NOT_EXISTS: unknownPayment,
  NO_STATEMENT_EXIST: payState(
    'WECHAT_PAY_BILL_NOT_THERE',
    'There was no trade that day, or the bill is not made yet: it is there from 10:00 of the next day on, for three months.',
    '该日没有交易，或账单尚未生成：次日 10 点后可下载，保留三个月。',
  ),
  STATEMENT_CREATING: payState(
    'WECHAT_PAY_BILL_NOT_THERE',
    'The bill is being made. Ask again in some minutes.',
    '账单正在生成，请几分钟后再试。',
  ),
  FREQUENCY_LIMITED: tooFrequent,
  FREQUENCY_LIMIT_EXCEED: tooFrequent,
  RATELIMIT_EXCEEDED: tooFrequent,
  SYSTEM_ERROR: systemError,
  BANK_ERROR: systemError,
} as const satisfies Record<string, PayFailureRow>;

export type PayRefusalCode = keyof typeof payRefusalRows;

/** Codes that mean something else at one path than everywhere else. */
const rowsByPath: Readonly<Record<string, Readonly<Record<string, PayFailureRow>>>> = {
  '/v3/certificates': {
    RESOURCE_NOT_EXISTS: payMisconfigured(
      'This merchant has no platform certificates: configure the WeChat Pay public key and its id instead (merchant console, API security).',
      '该商户没有平台证书：请改为配置微信支付公钥及公钥 ID（商户平台 → API 安全）。',
    ),
  },
};

const clockRow: PayFailureRow = {
  code: 'WECHAT_PAY_CLOCK_WRONG',
  retry: 'never',
  alert: true,
  advice: {
    en: "WeChat Pay refuses requests that are signed more than 5 minutes off its time. Set this server's clock right (chrony or systemd-timesyncd).",
    zh: '请求签名时间与微信支付相差超过 5 分钟会被拒绝。请校准服务器时钟（chrony 或 systemd-timesyncd）。',
  },
};

const unknownRow: PayFailureRow = {
  code: 'WECHAT_PAY_CODE_UNKNOWN',
  retry: 'never',
  alert: false,
  advice: {
    en: "WeChat Pay says {wechatCode}: {said}. Look it up on WeChat Pay's page of this API; its support finds the call by its Request-ID.",
    zh: '微信支付返回 {wechatCode}：{said}。请查阅该接口文档；客服可凭 Request-ID 定位。',
  },
};

/** An answer in which WeChat Pay refuses. */
export interface PayRefusalAnswer {
  readonly httpStatus: number;
  readonly wechatCode: string;
  /** Its words, redacted. */
  readonly said: string;
  readonly requestId: string | null;
}

/** What a refusal means: by its code, and by its HTTP status where the code is new to us. */
export function classifyRefusal(path: string, refusal: PayRefusalAnswer): PayFailureRow {
  const { httpStatus, wechatCode, said } = refusal;
  if (meansPaidAlready(refusal.requestId)) return alreadyPaid;
  // The only fault of a signature that needs another remedy; its code is the same, so its words have to tell.
  if (wechatCode === 'SIGN_ERROR' && /timestamp|时间戳/i.test(said)) return clockRow;
  const atPath = rowsByPath[path];
  if (atPath !== undefined && Object.hasOwn(atPath, wechatCode)) return atPath[wechatCode] ?? unknownRow;
  if (Object.hasOwn(payRefusalRows, wechatCode)) return payRefusalRows[wechatCode as PayRefusalCode];
  if (httpStatus === 429) return tooFrequent;
  return httpStatus >= 500 ? systemError : unknownRow;
}
