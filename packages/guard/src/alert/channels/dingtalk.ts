import { createHmac } from 'node:crypto';
import { type Bytes, type Clock, MINUTE } from '@maque/kit';
import type { AlertMessage } from '../alert-message.ts';
import type { Channel } from '../channel.ts';
import { truncateBytes } from '../truncate-bytes.ts';
import { readBotAddress } from './address.ts';
import { createBot } from './bot.ts';

/** A custom bot of DingTalk (钉钉自定义机器人). */
export interface DingtalkOptions {
  readonly type: 'dingtalk';
  /** The whole address that the bot's page shows, or only its access token. Either is a secret. */
  readonly webhook: string;
  /** What it signs with (加签, `SEC…`), if the bot is set so. */
  readonly secret?: string;
  /** Mentions everybody when it is urgent; false unless told. */
  readonly mentionAll?: boolean;
}

const BASE = 'https://oapi.dingtalk.com/robot/send?access_token=';

// No limit is stated for a text; nobody reads more in a chat, and Feishu ends at 20 KB.
const MOST_TEXT_BYTES: Bytes = 16 * 1024;

/** @throws CodedError ALERT_ADDRESS_INVALID, ALERT_ADDRESS_INSECURE. */
export function createDingtalk(
  { webhook, secret, mentionAll = false }: DingtalkOptions,
  clock: Clock,
): Channel {
  const { url: base, secret: token } = readBotAddress('dingtalk', webhook, BASE, ({ searchParams }) =>
    searchParams.get('access_token'),
  );
  return createBot(
    {
      name: 'dingtalk',
      // It takes 20 a minute, and is deaf for ten minutes after the next one.
      limits: [{ count: 15, windowMs: MINUTE }],
      address(nowMs) {
        const url = new URL(base);
        if (secret === undefined) return url;
        url.searchParams.set('timestamp', String(nowMs));
        url.searchParams.set('sign', signDingtalk(String(nowMs), secret));
        return url;
      },
      body: ({ title, text, severity }: AlertMessage) => ({
        msgtype: 'text',
        text: { content: truncateBytes(`${title}\n${text}`, MOST_TEXT_BYTES) },
        at: { atMobiles: [], isAtAll: mentionAll && severity === 'critical' },
      }),
      codeField: 'errcode',
      reasonField: 'errmsg',
      waitSecondsByCode: { 130101: 600 },
      secrets: [token, secret ?? ''],
    },
    clock,
  );
}

/** Base64, to be escaped for the query: the secret is the key, and is in what is signed as well. */
export function signDingtalk(timestampMs: string, secret: string): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');
}
