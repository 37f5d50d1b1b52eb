export type { SimulatorCall } from './api.ts';
export type { SimulatorChatLine } from './customer-service/conversations.ts';
export type { Fault } from './fault-types.ts';
export type { SimulatorMessage } from './messages/sent-messages.ts';
export type { SimulatorTemplate } from './messages/templates.ts';
export {
  createObjectStoreSimulator,
  type ObjectStoreSimulator,
  type ObjectStoreSimulatorOptions,
} from './object-store/index.ts';
export type { MerchantKeys } from './pay/merchant-keys.ts';
export type { Delivery, DeliveryCounts } from './pay/notifier.ts';
export type { PayCallRecord } from './pay/pay-api.ts';
export type { Forgery, PayBehaviour } from './pay/pay-behaviour.ts';
export type { MerchantCredentials } from './pay/pay-keyring.ts';
export type { SimulatedPayment, SimulatedRefund } from './pay/pay-records.ts';
export type { MerchantOptions, SimulatedPay } from './pay/simulated-pay.ts';
export type { Forgery as PushForgery } from './pusher/forgeries.ts';
export type { PushTarget } from './pusher/push-target.ts';
export type { PushTry } from './pusher/push-try.ts';
export type { PushOptions, SimulatorPush } from './pusher/pusher.ts';
export { createEncodingAesKey } from './pusher/seal-push.ts';
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export type { SimulatorState } from './simulator-state.ts';
export type { SimulatorUser } from './users.ts';
