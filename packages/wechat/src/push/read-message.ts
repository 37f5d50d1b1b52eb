import { hash } from 'node:crypto';
import { SECOND } from '@maque/kit';
import { malformed } from './push-errors.ts';
import type { PushFields, PushMessage, PushValue } from './push-message.ts';

// Of a list with one entry, XML and some of WeChat's JSON make the entry itself.
const LISTS = ['List', 'detail'];

/** Makes a message of what a body says, the same from JSON and XML. @throws CodedError `WECHAT_PUSH_MALFORMED` */
export function readMessage(body: PushFields): PushMessage {
  const { ToUserName, FromUserName, CreateTime, MsgType, Event = '', ...others } = body;
  const message = {
    toUser: textOf('ToUserName', ToUserName),
    fromUser: textOf('FromUserName', FromUserName),
    createdAtMs: secondsOf(CreateTime) * SECOND,
    msgType: textOf('MsgType', MsgType),
    event: Event === '' ? '' : textOf('Event', Event),
    fields: normalized(others),
  };
  return { ...message, key: keyOf(message) };
}

function textOf(name: string, value: PushValue | undefined): string {
  // No name or id of WeChat's is longer.
  if (typeof value === 'string' && value !== '' && value.length <= 128) return value;
  throw malformed(`no ${name}`);
}

function secondsOf(value: PushValue | undefined): number {
  const isNumber = typeof value === 'number' || typeof value === 'string';
  if (isNumber && /^\d{1,12}$/.test(String(value))) return Number(value);
  throw malformed('no CreateTime');
}

function normalized(fields: PushFields): PushFields {
  const entries = Object.entries(fields).flatMap(([name, value]) => Object.entries(unwrapped(name, value)));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, LISTS.includes(name) && !Array.isArray(value) ? [value] : value]),
  );
}

/** XML puts `<List>` into an element named after the event, `SubscribeMsgPopupEvent`; JSON does not. */
function unwrapped(name: string, value: PushValue): PushFields {
  if (!name.endsWith('Event') || typeof value !== 'object' || value === null || !('List' in value)) {
    return { [name]: value };
  }
  return value;
}

/**
 * What tells a repetition: the MsgId of a user's message, which WeChat numbers; of an event everything in it. Sender, time
 * and kind alone would not do, as WeChat suggests: two messages sent to a user in one second end in two events that only
 * differ in their list.
 */
function keyOf({ fields, ...head }: Omit<PushMessage, 'key'>): string {
  const { MsgId } = fields;
  if ((typeof MsgId === 'string' && /^\w{1,64}$/.test(MsgId)) || typeof MsgId === 'number')
    return `msg:${MsgId}`;
  return `event:${hash('sha256', JSON.stringify([head, fields]), 'base64url')}`;
}
