import type { FieldRule, FieldRules } from './check-fields.ts';

// The fields of WeChat Pay's documentation for a direct merchant, with their limits in characters.

const mchid: FieldRule = { kind: 'text', min: 1, max: 32, required: true };
const currency: FieldRule = { kind: 'text', max: 16, pattern: /^CNY$/ };
const notifyUrl: FieldRule = { kind: 'text', min: 1, max: 255 };
const outTradeNo: FieldRule = { kind: 'text', min: 6, max: 32, pattern: /^[0-9A-Za-z_\-|*]+$/ };
const openid: FieldRule = { kind: 'text', min: 1, max: 128, pattern: /^o[\w-]{27}$/ };

const goods: FieldRules = {
  merchant_goods_id: { kind: 'text', min: 1, max: 32, required: true },
  wechatpay_goods_id: { kind: 'text', max: 32 },
  goods_name: { kind: 'text', max: 256 },
  quantity: { kind: 'integer', min: 1, required: true },
  unit_price: { kind: 'integer', min: 0, required: true },
};

const store: FieldRules = {
  id: { kind: 'text', min: 1, max: 32, required: true },
  name: { kind: 'text', max: 256 },
  area_code: { kind: 'text', max: 32 },
  address: { kind: 'text', max: 512 },
};

export const prepayRules: FieldRules = {
  appid: { kind: 'text', min: 1, max: 32, required: true },
  mchid,
  description: { kind: 'text', min: 1, max: 127, required: true },
  out_trade_no: { ...outTradeNo, required: true },
  time_expire: {
    kind: 'text',
    max: 64,
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/,
  },
  attach: { kind: 'text', max: 128 },
  notify_url: { ...notifyUrl, required: true },
  goods_tag: { kind: 'text', max: 32 },
  support_fapiao: { kind: 'boolean' },
  amount: {
    kind: 'object',
    required: true,
    fields: { total: { kind: 'integer', min: 1, required: true }, currency },
  },
  // Its openid is asked for by name, with a number of its own.
  payer: { kind: 'object', fields: { openid } },
  detail: {
    kind: 'object',
    fields: {
      cost_price: { kind: 'integer', min: 0 },
      invoice_id: { kind: 'text', max: 32 },
      goods_detail: { kind: 'list', max: 6000, of: { kind: 'object', fields: goods } },
    },
  },
  scene_info: {
    kind: 'object',
    fields: {
      payer_client_ip: { kind: 'text', min: 1, max: 45, required: true },
      device_id: { kind: 'text', max: 32 },
      store_info: { kind: 'object', fields: store },
    },
  },
  settle_info: { kind: 'object', fields: { profit_sharing: { kind: 'boolean' } } },
  limit_pay: { kind: 'list', max: 8, of: { kind: 'text', max: 32 } },
};

/** A prepay body that went through {@link prepayRules}. */
export interface PrepayBody {
  readonly appid: string;
  readonly mchid: string;
  readonly description: string;
  readonly out_trade_no: string;
  readonly time_expire?: string | null;
  readonly attach?: string | null;
  readonly notify_url: string;
  readonly amount: { readonly total: number };
  readonly payer?: { readonly openid?: string | null } | null;
}

export const merchantRules: FieldRules = { mchid };

export const refundRules: FieldRules = {
  transaction_id: { kind: 'text', min: 1, max: 32 },
  out_trade_no: outTradeNo,
  out_refund_no: { kind: 'text', min: 1, max: 64, pattern: /^[0-9A-Za-z_\-|*@]+$/, required: true },
  reason: { kind: 'text', max: 80 },
  notify_url: notifyUrl,
  funds_account: { kind: 'text', max: 32, pattern: /^(AVAILABLE|UNSETTLED)$/ },
  amount: {
    kind: 'object',
    required: true,
    fields: {
      refund: { kind: 'integer', min: 1, required: true },
      total: { kind: 'integer', min: 1, required: true },
      currency: { ...currency, required: true },
      from: {
        kind: 'list',
        max: 8,
        of: {
          kind: 'object',
          fields: {
            account: { kind: 'text', min: 1, max: 32, required: true },
            amount: { kind: 'integer', min: 1, required: true },
          },
        },
      },
    },
  },
  goods_detail: {
    kind: 'list',
    max: 6000,
    of: {
      kind: 'object',
      fields: {
        merchant_goods_id: { kind: 'text', min: 1, max: 32, required: true },
        wechatpay_goods_id: { kind: 'text', max: 32 },
        goods_name: { kind: 'text', max: 256 },
        unit_price: { kind: 'integer', min: 0, required: true },
        refund_amount: { kind: 'integer', min: 0, required: true },
        refund_quantity: { kind: 'integer', min: 1, required: true },
      },
    },
  },
};

/** A refund body that went through {@link refundRules}. */
export interface RefundBody {
  readonly transaction_id?: string | null;
  readonly out_trade_no?: string | null;
  readonly out_refund_no: string;
  readonly reason?: string | null;
  readonly notify_url?: string | null;
  readonly amount: { readonly refund: number; readonly total: number };
}

export const billRules: FieldRules = {
  bill_date: { kind: 'text', max: 10, pattern: /^\d{4}-\d\d-\d\d$/, required: true },
  bill_type: { kind: 'text', max: 32, pattern: /^(ALL|SUCCESS|REFUND)$/ },
  tar_type: { kind: 'text', max: 32, pattern: /^GZIP$/ },
};
