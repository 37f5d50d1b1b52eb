import { toNumber, toRecords, toText } from '../http/read-fields.ts';
import type { PushMessage } from '../push/push-message.ts';

/** What a user said about one template: in the pop-up, or by switching it off in the chat's menu. */
export interface SubscribeAnswer {
  readonly templateId: string;
  readonly accepted: boolean;
}

/** What became of a message in the end. */
export interface SendOutcome {
  readonly templateId: string;
  readonly messageId: string;
  /** 0 when it was delivered. */
  readonly errcode: number;
  /** WeChat's word for it: `success`, `user refuse` … */
  readonly reason: string;
}

/** What WeChat pushes about subscribe messages. */
export type SubscribeEvent =
  /** The user answered the pop-up: one more message for each that they accepted. */
  | { readonly kind: 'answered'; readonly openid: string; readonly answers: readonly SubscribeAnswer[] }
  /** The user changed their mind in the chat's menu. */
  | { readonly kind: 'changed'; readonly openid: string; readonly answers: readonly SubscribeAnswer[] }
  | { readonly kind: 'sent'; readonly openid: string; readonly outcomes: readonly SendOutcome[] };

/** Reads a pushed message as an event of subscribe messages; null when it is none. */
export function readSubscribeEvent(message: PushMessage): SubscribeEvent | null {
  const openid = message.fromUser;
  const entries = toRecords(message.fields.List).filter(({ TemplateId }) => toText(TemplateId) !== '');
  switch (message.event) {
    case 'subscribe_msg_popup_event':
      return { kind: 'answered', openid, answers: entries.map(readAnswer) };
    case 'subscribe_msg_change_event':
      return { kind: 'changed', openid, answers: entries.map(readAnswer) };
    case 'subscribe_msg_sent_event':
      return { kind: 'sent', openid, outcomes: entries.map(readOutcome) };
    default:
      return null;
  }
}

type Entry = Readonly<Record<string, unknown>>;

function readAnswer({ TemplateId, SubscribeStatusString }: Entry): SubscribeAnswer {
  return { templateId: toText(TemplateId), accepted: SubscribeStatusString === 'accept' };
}

function readOutcome({ TemplateId, MsgID, ErrorCode, ErrorStatus }: Entry): SendOutcome {
  return {
    templateId: toText(TemplateId),
    messageId: toText(MsgID),
    // Missing or broken is not delivered: -1, as WeChat's own "system error".
    errcode: toNumber(ErrorCode) ?? -1,
    reason: toText(ErrorStatus),
  };
}
