import type { PushFields } from '../../push/push-message.ts';
import type { SimulatorMessage } from './sent-messages.ts';

export type PopupAnswer = 'accept' | 'reject';

/** The user has answered the pop-up of `wx.requestSubscribeMessage`. */
export function popupEvent(templateIds: readonly string[], answer: PopupAnswer): PushFields {
  const entries = templateIds.map((id) => ({
    TemplateId: id,
    SubscribeStatusString: answer,
    PopupScene: '0',
  }));
  return { MsgType: 'event', Event: 'subscribe_msg_popup_event', List: entries };
}

/** The user has switched templates off in the menu of the chat. */
export function changeEvent(templateIds: readonly string[]): PushFields {
  const entries = templateIds.map((id) => ({ TemplateId: id, SubscribeStatusString: 'reject' }));
  return { MsgType: 'event', Event: 'subscribe_msg_change_event', List: entries };
}

/** What became of a message in the end. */
export function sentEvent({ templateId, id }: SimulatorMessage): PushFields {
  const entry = { TemplateId: templateId, MsgID: id, ErrorCode: '0', ErrorStatus: 'success' };
  return { MsgType: 'event', Event: 'subscribe_msg_sent_event', List: [entry] };
}
