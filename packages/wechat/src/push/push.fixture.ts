import { createManualClock, SECOND } from '@maque/kit';
import { composePush, type OutgoingPush, type PushRequest } from './compose-push.ts';
import type { PushAccount, PushFields } from './push-message.ts';
import { createPushReceiver, type PushReceiverOptions } from './push-receiver.ts';

export const ACCOUNT = {
  appId: 'wx4f4bc4dec97d474b',
  token: 'tokenOfTheConsole',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
} satisfies PushAccount;

export const PLAIN_ACCOUNT: PushAccount = { appId: ACCOUNT.appId, token: ACCOUNT.token };

const NOW_SECONDS = 1_790_000_000;

/** A user's message. */
export const TEXT: PushFields = {
  ToUserName: 'gh_97417a04a28d',
  FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  CreateTime: NOW_SECONDS,
  MsgType: 'text',
  Content: '还有货吗? <b> & "ok" ]]> 🐦',
  MsgId: '24012345678901234',
};

/** What became of a subscribe message. */
export const SENT_EVENT: PushFields = {
  ToUserName: 'gh_97417a04a28d',
  FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  CreateTime: NOW_SECONDS,
  MsgType: 'event',
  Event: 'subscribe_msg_sent_event',
  List: [
    {
      TemplateId: 'VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc',
      MsgID: '1',
      ErrorCode: '0',
      ErrorStatus: 'success',
    },
  ],
};

export function startReceiver(options: Partial<PushReceiverOptions> = ACCOUNT) {
  const clock = createManualClock(NOW_SECONDS * SECOND);
  return { clock, receiver: createPushReceiver({ ...PLAIN_ACCOUNT, clock, ...options }) };
}

let nonces = 0;

/** A request as WeChat would send it now. */
export function push(
  fields: PushFields,
  overrides: Partial<OutgoingPush> = {},
  account: PushAccount = ACCOUNT,
): PushRequest {
  nonces += 1;
  const defaults = {
    mode: 'safe',
    format: 'json',
    timestamp: NOW_SECONDS,
    nonce: String(1_000_000_000 + nonces),
  } as const;
  return composePush(account, { fields, ...defaults, ...overrides });
}

/** In the shape in which a server hands it over. */
export function arriving({ query, body }: Pick<PushRequest, 'query' | 'body'>) {
  return { query, body: Buffer.from(body) };
}
