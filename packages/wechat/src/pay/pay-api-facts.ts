import type { ApiFacts } from '../http/api-facts.ts';
import type { PayRefusalCode } from './errors/pay-refusal-rows.ts';

/** What is to be known of one API of WeChat Pay. It refuses with codes that are texts and not numbers. */
export interface PayApiFacts extends ApiFacts {
  readonly errcodes: readonly [];
  /** What it refuses with, beside the codes that every API has ({@link COMMON_PAY_CODES}). */
  readonly codes: readonly PayRefusalCode[];
}

/** What every API of WeChat Pay may refuse with. */
export const COMMON_PAY_CODES: readonly PayRefusalCode[] = [
  'PARAM_ERROR',
  'INVALID_REQUEST',
  'SIGN_ERROR',
  'NO_AUTH',
  'MCH_NOT_EXISTS',
  'APPID_MCHID_NOT_MATCH',
  'FREQUENCY_LIMITED',
  'RATELIMIT_EXCEEDED',
  'SYSTEM_ERROR',
];

export const PREPAY: PayApiFacts = {
  method: 'POST',
  path: '/v3/pay/transactions/jsapi',
  page: 'JSAPI/小程序下单',
  call: 'pay.prepay',
  summary: {
    en: 'Makes a payment that a user can confirm in the mini-program within 2 hours.',
    zh: '下单，用户可在 2 小时内于小程序中确认支付。',
  },
  errcodes: [],
  codes: ['OUT_TRADE_NO_USED', 'ORDERPAID', 'ORDER_CLOSED', 'RULE_LIMIT', 'TRADE_ERROR', 'OPENID_MISMATCH'],
};

export const QUERY_BY_NUMBER: PayApiFacts = {
  method: 'GET',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
  page: '商户订单号查询订单',
  call: 'pay.query({ outTradeNo })',
  summary: {
    en: 'How a payment stands, by our number; unpaid ones too.',
    zh: '按商户订单号查询支付，含未支付的。',
  },
  errcodes: [],
  codes: ['ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS'],
};

export const QUERY_BY_ID: PayApiFacts = {
  method: 'GET',
  path: '/v3/pay/transactions/id/{transaction_id}',
  page: '微信支付订单号查询订单',
  call: 'pay.query({ transactionId })',
  summary: {
    en: "How a payment stands, by WeChat Pay's number; paid ones only.",
    zh: '按微信支付订单号查询支付，仅限已支付的。',
  },
  errcodes: [],
  codes: ['ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS'],
};

export const CLOSE: PayApiFacts = {
  method: 'POST',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
  page: '关闭订单',
  call: 'pay.close',
  summary: { en: 'Nothing can be paid under this number any more.', zh: '关闭订单，该单号不再能支付。' },
  errcodes: [],
  codes: ['ORDER_CLOSED', 'ORDERPAID', 'ORDER_NOT_EXIST', 'TRADE_ERROR'],
};

export const REFUND: PayApiFacts = {
  method: 'POST',
  path: '/v3/refund/domestic/refunds',
  page: '退款申请',
  call: 'pay.refund',
  summary: {
    en: 'Gives money back; the same refund number never twice.',
    zh: '申请退款，相同退款单号不会重复退款。',
  },
  errcodes: [],
  codes: ['NOT_ENOUGH', 'USER_ACCOUNT_ABNORMAL', 'RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST', 'TRADE_ERROR'],
};

export const QUERY_REFUND: PayApiFacts = {
  method: 'GET',
  path: '/v3/refund/domestic/refunds/{out_refund_no}',
  page: '查询单笔退款（通过商户退款单号）',
  call: 'pay.queryRefund',
  summary: { en: 'How a refund stands.', zh: '查询退款状态。' },
  errcodes: [],
  codes: ['RESOURCE_NOT_EXISTS', 'REFUND_NOT_EXISTS'],
};

export const TRADE_BILL: PayApiFacts = {
  method: 'GET',
  path: '/v3/bill/tradebill',
  page: '申请交易账单',
  call: 'pay.tradeBill',
  summary: {
    en: "Where a day's bill can be downloaded, and what its bytes must hash to.",
    zh: '获取某日交易账单的下载地址与哈希值。',
  },
  errcodes: [],
  codes: ['NO_STATEMENT_EXIST', 'STATEMENT_CREATING'],
};

export const DOWNLOAD_BILL: PayApiFacts = {
  method: 'GET',
  path: '/v3/billdownload/file',
  page: '下载账单',
  call: 'pay.tradeBill',
  summary: { en: "A day's bill, streamed.", zh: '下载账单文件流。' },
  errcodes: [],
  codes: ['RESOURCE_NOT_EXISTS'],
};

export const CERTIFICATES: PayApiFacts = {
  method: 'GET',
  path: '/v3/certificates',
  page: '下载平台证书',
  call: '(by itself, where no public key is configured or WeChat Pay still signs with a certificate)',
  summary: {
    en: 'The certificates that WeChat Pay signs with, for merchants without its public key.',
    zh: '微信支付平台证书，用于尚未启用微信支付公钥的商户。',
  },
  errcodes: [],
  codes: ['RESOURCE_NOT_EXISTS'],
};

/** Every API of WeChat Pay that is called, for the reference. */
export const PAY_APIS: readonly PayApiFacts[] = [
  PREPAY,
  QUERY_BY_NUMBER,
  QUERY_BY_ID,
  CLOSE,
  REFUND,
  QUERY_REFUND,
  TRADE_BILL,
  DOWNLOAD_BILL,
  CERTIFICATES,
];
