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
export {
  caller,
  type Field,
  type Fields,
  type GeoPoint,
  type Json,
  type RelationTarget,
  type ValueOf,
  type ValuesOf,
} from './field.ts';
export { field } from './field-vocabulary.ts';
export type { Actor, HookContext, Hooks } from './hooks.ts';
export type { Middleware, MiddlewareContext } from './middleware.ts';
export { type Route, type RouteContext, type RouteLog, type RouteUser, route } from './route.ts';
export { becomes, only, owner, type Rule, type Rules, role, type Where, was } from './rules.ts';
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
