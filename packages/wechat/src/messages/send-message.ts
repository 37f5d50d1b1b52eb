import { argumentError, WechatError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { toText } from '../http/read-fields.ts';
import type { MiniProgramRelease } from '../links/link-types.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { checkMessageData, fitMessageData, type MessageData } from './message-data.ts';
import type { SubscribeTemplate } from './templates.ts';

/** A message to one user, by a template that the mini-program has chosen. */
export interface SubscribeMessage {
  readonly openid: string;
  readonly templateId: string;
  readonly data: MessageData;
  /** What a tap on it opens, with its query: `pages/order/detail?id=1`. Without it nothing happens. */
  readonly page?: string;
  /** Which release of the mini-program opens; `release` unless told. */
  readonly release?: MiniProgramRelease;
  /** Of the frame around the message; `zh_CN` unless told. */
  readonly language?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW';
  /** The template, when it is at hand: keys that are missing or unknown are then found before anything is sent. */
  readonly template?: SubscribeTemplate;
}

/**
 * `no-consent`: the user did not subscribe, has used up what they agreed to, or has refused. Normal, and final until they
 * agree again. `sent` is not yet delivered: what fails later comes as an event, by `messageId` where WeChat tells one.
 */
export type SendResult =
  | { readonly status: 'sent'; readonly messageId: string | null }
  | { readonly status: 'no-consent' };

export const SEND_MESSAGE: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/message/subscribe/send',
  page: 'sendMessage',
  call: 'client.messages.send',
  summary: {
    en: 'Sends a subscribe message to a user who has agreed to it.',
    zh: '向已订阅的用户发送订阅消息。',
  },
  errcodes: [-1, 40003, 40037, 41030, 43101, 43107, 43108, 45009, 45168, 47001, 47003],
};

const STATES = { release: 'formal', trial: 'trial', develop: 'developer' } as const;

/**
 * Sends a message once; one that met another to the same user (43108) is sent again a second later.
 * @throws WechatError: `WECHAT_CALL_INVALID` with a detail for each wrong value, before anything is sent;
 * `WECHAT_CONTENT_REFUSED` (words that WeChat does not let through), `WECHAT_MISCONFIGURED` (template or page unknown, or
 * banned), or as other calls do.
 */
export async function sendMessage(callApi: ApiCaller, message: SubscribeMessage): Promise<SendResult> {
  const data = fitMessageData(message.data);
  const faults = checkMessageData(data, message.template);
  if (faults.length > 0) throw argumentError(SEND_MESSAGE.path, faults);
  try {
    // Not repeated: a first try that seemed to fail may have used the user's consent up.
    const answer = await callApi({
      ...SEND_MESSAGE,
      body: bodyOf(message, data),
      maxRetries: 0,
      secrets: [],
    });
    return { status: 'sent', messageId: answer.msgid === undefined ? null : toText(answer.msgid) };
  } catch (error) {
    if (error instanceof WechatError && error.code === 'WECHAT_NO_CONSENT') return { status: 'no-consent' };
    throw error;
  }
}

function bodyOf(message: SubscribeMessage, data: Readonly<Record<string, string>>) {
  const { openid, templateId, page, release = 'release', language = 'zh_CN' } = message;
  return {
    touser: openid,
    template_id: templateId,
    // An object, though many send it as a string; WeChat's page is clear.
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value }])),
    ...(page === undefined ? {} : { page }),
    // Both have defaults on WeChat's page and are called required there: so they are always sent.
    miniprogram_state: STATES[release],
    lang: language,
  };
}
