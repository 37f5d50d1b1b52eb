import { describe, expect, it } from 'vitest';
import type { PushMessage } from '../push/push-message.ts';
import { readSubscribeEvent } from './subscribe-events.ts';

function pushed(event: string, fields: PushMessage['fields']): PushMessage {
  return { toUser: 'gh_1', fromUser: 'oUser', createdAtMs: 0, msgType: 'event', event, key: 'k', fields };
}

describe('a pushed event of subscribe messages', () => {
  it('tells what the user answered to the pop-up', () => {
    const List = [
      { TemplateId: 'a', SubscribeStatusString: 'accept', PopupScene: '0' },
      { TemplateId: 'b', SubscribeStatusString: 'reject', PopupScene: '0' },
    ];
    expect(readSubscribeEvent(pushed('subscribe_msg_popup_event', { List }))).toEqual({
      kind: 'answered',
      openid: 'oUser',
      answers: [
        { templateId: 'a', accepted: true },
        { templateId: 'b', accepted: false },
      ],
    });
  });

  it('tells what the user switched off', () => {
    const List = [{ TemplateId: 'a', SubscribeStatusString: 'reject' }];
    expect(readSubscribeEvent(pushed('subscribe_msg_change_event', { List }))).toEqual({
      kind: 'changed',
      openid: 'oUser',
      answers: [{ templateId: 'a', accepted: false }],
    });
  });

  it('tells what became of a message, whose numbers are text', () => {
    const List = [
      { TemplateId: 'a', MsgID: '1700827132819554304', ErrorCode: '0', ErrorStatus: 'success' },
      { TemplateId: 'b', MsgID: 7, ErrorCode: 43101, ErrorStatus: 'user refuse' },
      { TemplateId: 'c' },
    ];
    expect(readSubscribeEvent(pushed('subscribe_msg_sent_event', { List }))).toEqual({
      kind: 'sent',
      openid: 'oUser',
      outcomes: [
        { templateId: 'a', messageId: '1700827132819554304', errcode: 0, reason: 'success' },
        { templateId: 'b', messageId: '7', errcode: 43101, reason: 'user refuse' },
        { templateId: 'c', messageId: '', errcode: -1, reason: '' },
      ],
    });
  });

  it('is nothing when it is another, and empty when its list is missing or odd', () => {
    expect(readSubscribeEvent(pushed('user_enter_tempsession', {}))).toBeNull();
    for (const List of [undefined, null, 'x', [null, 'x', 7, {}, { TemplateId: {} }]]) {
      const fields = List === undefined ? {} : { List };
      expect(readSubscribeEvent(pushed('subscribe_msg_popup_event', fields))).toMatchObject({ answers: [] });
    }
  });
});
