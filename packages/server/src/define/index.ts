export { defineErrors } from '@maque/kit';
export { type App, type AppOptions, type Collections, defineApp } from './app.ts';
export {
  type AnyCollection,
  type ChangesOf,
  type Collection,
  type CollectionOptions,
  collection,
  type NewRecordOf,
  type RecordOf,
} from './collection.ts';
export type { Data, DataAccess } from './data.ts';
export { DefinitionError, type DefinitionProblem } from './definition-error.ts';
export { caller, type Field, type Fields, field, type Json, type ValueOf, type ValuesOf } from './field.ts';
export { type Route, type RouteContext, type RouteLog, type RouteUser, route } from './route.ts';
export { owner, type Rule, type Rules, type Where } from './rules.ts';
export type { PaymentContext, PushContext, WechatHandlers } from './wechat.ts';
export type {
  Messages,
  NewMessage,
  NewPayment,
  NewRefund,
  Payment,
  PaymentStatus,
  Payments,
  Refund,
  RefundState,
  WechatServices,
} from './wechat-services.ts';
