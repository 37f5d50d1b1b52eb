import type { Text } from '@maque/kit';
import { CONTENT_APIS } from '../content/content-checks.ts';
import { CUSTOMER_SERVICE_APIS } from '../customer-service/customer-service.ts';
import { transportRows } from '../errors/transport-rows.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { LINK_APIS } from '../links/create-links.ts';
import { LOGIN_APIS } from '../login/login-apis.ts';
import { MESSAGE_APIS } from '../messages/messages.ts';
import { payTransportRows } from '../pay/errors/pay-transport-rows.ts';
import { COMMON_PAY_CODES, PAY_APIS, type PayApiFacts } from '../pay/pay-api-facts.ts';
import { PHONE_APIS } from '../phone/phone-number.ts';
import { PLATFORM_APIS } from '../platform/platform.ts';
import { SHIPPING_APIS } from '../shipping/shipping.ts';
import { TOKEN_APIS } from '../token/fetch-token.ts';
import { type CallError, callErrorOf, failuresOf, payCallErrorOf } from './call-errors.ts';

/** One API of WeChat, and what is to be known of calling it. */
export interface ReferenceCall {
  /** How it is called here. */
  readonly call: string;
  /** What WeChat's documentation calls it. */
  readonly page: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: Text;
  /** What it may be refused with, beside what every call of its part may be. */
  readonly errors: readonly CallError[];
}

export interface ReferenceSection {
  readonly title: Text;
  readonly calls: readonly ReferenceCall[];
}

/** Calls that one host answers. */
export interface ReferencePart {
  readonly title: Text;
  readonly host: string;
  readonly sections: readonly ReferenceSection[];
  /** What every call may be refused with. */
  readonly common: readonly CallError[];
  /** How calls fail without a word of WeChat's. */
  readonly failures: readonly CallError[];
}

// The general ones of WeChat's "global return codes": those that have nothing to do with what is asked for.
const COMMON_ERRCODES = [
  -1, 40001, 40013, 40014, 40164, 41001, 42001, 43001, 43002, 44002, 44990, 44991, 45009, 45011, 47001, 48001,
  89503, 89506, 89507,
];
const ANYWHERE = '';

const platformSections: readonly (readonly [Text, readonly ApiFacts[]])[] = [
  [{ en: 'Access token', zh: '接口调用凭证' }, TOKEN_APIS],
  [{ en: 'Login', zh: '登录' }, LOGIN_APIS],
  [{ en: 'Phone number', zh: '手机号' }, PHONE_APIS],
  [{ en: 'Subscribe messages', zh: '订阅消息' }, MESSAGE_APIS],
  [{ en: 'Content security', zh: '内容安全' }, CONTENT_APIS],
  [{ en: 'QR codes and links', zh: '小程序码与链接' }, LINK_APIS],
  [{ en: 'Customer service', zh: '客服消息' }, CUSTOMER_SERVICE_APIS],
  [{ en: 'Shipping information', zh: '发货信息管理' }, SHIPPING_APIS],
  [{ en: 'The platform itself', zh: '平台管理' }, PLATFORM_APIS],
];

/** Every API of WeChat that is called here, with its errors: what a page about them is made of. */
export const wechatReference: readonly ReferencePart[] = [
  {
    title: { en: "WeChat's server API", zh: '微信小程序服务端接口' },
    host: 'api.weixin.qq.com',
    sections: platformSections.map(([title, apis]) => ({ title, calls: apis.map(describeCall) })),
    common: COMMON_ERRCODES.map((errcode) => callErrorOf(errcode, ANYWHERE)),
    failures: failuresOf(transportRows),
  },
  {
    title: { en: 'WeChat Pay v3', zh: '微信支付 v3' },
    host: 'api.mch.weixin.qq.com',
    sections: [
      {
        title: { en: 'Payments, refunds, bills', zh: '支付、退款与账单' },
        calls: PAY_APIS.map(describePayCall),
      },
    ],
    common: COMMON_PAY_CODES.map(payCallErrorOf),
    failures: failuresOf(payTransportRows),
  },
];

function describeCall({ errcodes, ...api }: ApiFacts): ReferenceCall {
  return { ...api, errors: errcodes.filter(isOwn).map((errcode) => callErrorOf(errcode, api.path)) };

  /** Not said of all APIs already, or with another meaning here. */
  function isOwn(errcode: number): boolean {
    const here = callErrorOf(errcode, api.path);
    const everywhere = callErrorOf(errcode, ANYWHERE);
    return !COMMON_ERRCODES.includes(errcode) || here.advice !== everywhere.advice;
  }
}

function describePayCall({ codes, errcodes: _, ...api }: PayApiFacts): ReferenceCall {
  return { ...api, errors: codes.map(payCallErrorOf) };
}
