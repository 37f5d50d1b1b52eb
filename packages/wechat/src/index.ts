export { type ApiRequest, createWechatClient, type WechatClient } from './client.ts';
export { WECHAT_BASE_URL, type WechatClientOptions } from './client-options.ts';
export type { ContentChecks } from './content/content-checks.ts';
export type {
  ContentScene,
  MediaCheckRequest,
  TextCheckRequest,
  TextVerdict,
} from './content/content-types.ts';
export { type MediaVerdict, readMediaVerdict } from './content/media-verdict.ts';
export type { RiskRank, RiskRankRequest } from './content/risk-rank.ts';
export type { CustomerMessage } from './customer-service/customer-message.ts';
export type { CustomerService } from './customer-service/customer-service.ts';
export type { FailureCode, FailureKind } from './errors/failure-codes.ts';
export { WechatError } from './errors/wechat-error.ts';
export type { CallReport, QuotaReport } from './http/caller.ts';
export type { ClockSkew, SkewLevel } from './http/clock-skew.ts';
export type { JsonAnswer } from './http/read-answer.ts';
export type { Links } from './links/create-links.ts';
export type { LinkRequest, MiniProgramRelease, QrCode, QrCodeRequest } from './links/link-types.ts';
export type { WechatSession } from './login/code-to-session.ts';
export type { SessionKeyOwner } from './login/session-key.ts';
export { checkMessageData, fitMessageData, type MessageData } from './messages/message-data.ts';
export type { SubscribeMessages } from './messages/messages.ts';
export type { SendResult, SubscribeMessage } from './messages/send-message.ts';
export {
  readSubscribeEvent,
  type SendOutcome,
  type SubscribeAnswer,
  type SubscribeEvent,
} from './messages/subscribe-events.ts';
export type {
  PublicKeyword,
  PublicTitle,
  PublicTitleQuery,
  TemplateCategory,
} from './messages/template-library.ts';
export type { NewTemplate, SubscribeTemplate, TemplateKey } from './messages/templates.ts';
export type { OpenData, SealedData } from './open-data/decrypt-open-data.ts';
export type { OpenDataReader, SignedData } from './open-data/open-data.ts';
export type * from './pay/pay-types.ts';
export type { PhoneCode, PhoneNumber } from './phone/phone-number.ts';
export type { RidReport } from './platform/explain-rid.ts';
export type { Platform } from './platform/platform.ts';
export type { ApiQuota } from './platform/quotas.ts';
export type { SpecialOrder } from './shipping/order-notices.ts';
export type { OrderQuery } from './shipping/orders.ts';
export type { DeliveryCompany, Shipping } from './shipping/shipping.ts';
export { readShippingEvent, type ShippingEvent } from './shipping/shipping-events.ts';
export type * from './shipping/shipping-types.ts';
export type { TokenMode } from './token/fetch-token.ts';
export type { StoredToken, TokenStore } from './token/token-store.ts';
