export { composePush, type OutgoingPush, type PushMode, type PushRequest } from './compose-push.ts';
export type { PassiveReply } from './passive-reply.ts';
export { type PushErrorCode, pushErrors } from './push-errors.ts';
export type {
  PushAccount,
  PushDelivery,
  PushFields,
  PushFormat,
  PushMessage,
  PushValue,
  ReceivedPush,
} from './push-message.ts';
export type { PushQuery } from './push-query.ts';
export {
  createPushReceiver,
  type PushReceiver,
  type PushReceiverOptions,
} from './push-receiver.ts';
export type { WrittenBody } from './write-body.ts';
