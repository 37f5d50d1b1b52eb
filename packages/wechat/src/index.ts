export { type ApiRequest, createWechatClient, type WechatClient } from './client.ts';
export { WECHAT_BASE_URL, type WechatClientOptions } from './client-options.ts';
export type {
  ContentScene,
  MediaCheckRequest,
  TextCheckRequest,
  TextVerdict,
} from './content/content-types.ts';
export type { FailureCode, FailureKind } from './errors/failure-codes.ts';
export { WechatError } from './errors/wechat-error.ts';
export type { CallReport, QuotaReport } from './http/caller.ts';
export type { ClockSkew, SkewLevel } from './http/clock-skew.ts';
export type { JsonAnswer } from './http/read-answer.ts';
export type { LinkRequest, MiniProgramRelease, QrCode, QrCodeRequest } from './links/link-types.ts';
export type { WechatSession } from './login/code-to-session.ts';
export type { SessionKeyOwner } from './login/session-key.ts';
export type * from './pay/pay-types.ts';
export type { PhoneCode, PhoneNumber } from './phone/phone-number.ts';
export type { TokenMode } from './token/fetch-token.ts';
export type { StoredToken, TokenStore } from './token/token-store.ts';
