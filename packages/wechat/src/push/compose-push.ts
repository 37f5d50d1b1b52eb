import { encryptPush } from './encrypt-push.ts';
import type { PushAccount, PushFields, PushFormat } from './push-message.ts';
import { signPush } from './push-signature.ts';
import { type WrittenBody, writeBody } from './write-body.ts';

/** `compatible` sends the fields both ways, and leaves a server to choose. */
export type PushMode = 'plain' | 'compatible' | 'safe';

export interface OutgoingPush {
  /** By WeChat's names, in the shape of its JSON: `ToUserName`, `FromUserName`, `CreateTime`, `MsgType`, `Event`, `List` … */
  readonly fields: PushFields;
  readonly mode: PushMode;
  readonly format: PushFormat;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly nonce: string;
}

/** A request as WeChat would send it; to be POSTed to the URL of the console, with the query behind it. */
export interface PushRequest extends WrittenBody {
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Composes what WeChat sends to a server: the other side of `createPushReceiver`, for simulators and tests.
 * @throws TypeError when the mode asks for an EncodingAESKey and the account has none that can be right.
 */
export function composePush(account: PushAccount, push: OutgoingPush): PushRequest {
  const { mode, format, nonce } = push;
  const timestamp = String(push.timestamp);
  const fields = format === 'xml' ? inXmlShape(push.fields) : push.fields;
  const query = {
    signature: signPush(account.token, timestamp, nonce),
    timestamp,
    nonce,
    ...openidOf(fields),
  };
  const plain = writeBody(format, fields);
  if (mode === 'plain') return { query, ...plain };

  const sealed = encryptPush(account, plain.body, { timestamp, nonce });
  const outside = mode === 'compatible' ? fields : { ToUserName: fields.ToUserName ?? '' };
  return {
    query: { ...query, encrypt_type: 'aes', msg_signature: sealed.msgSignature },
    ...writeBody(format, { ...outside, Encrypt: sealed.encrypt }),
  };
}

function openidOf({ FromUserName }: PushFields): { readonly openid?: string } {
  return typeof FromUserName === 'string' ? { openid: FromUserName } : {};
}

/** `subscribe_msg_popup_event` has its list in `SubscribeMsgPopupEvent` when it is XML. */
function inXmlShape({ List, ...fields }: PushFields): PushFields {
  if (List === undefined || typeof fields.Event !== 'string')
    return List === undefined ? fields : { ...fields, List };
  const wrapper = fields.Event.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { ...fields, [wrapper]: { List } };
}
