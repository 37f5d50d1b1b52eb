import { type Bytes, type Clock, MINUTE } from '@maque/kit';
import type { AlertMessage } from '../alert-message.ts';
import type { Channel } from '../channel.ts';
import { truncateBytes } from '../truncate-bytes.ts';
import { readBotAddress } from './address.ts';
import { createBot } from './bot.ts';

/** A group bot of WeCom (企业微信群机器人). */
export interface WecomOptions {
  readonly type: 'wecom';
  /** The whole address that the bot's page shows, or only its key. Either is the bot's secret. */
  readonly webhook: string;
  /** Mentions everybody when it is urgent, so that a group that is muted rings; false unless told. */
  readonly mentionAll?: boolean;
}

const BASE = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=';
const MOST_TEXT_BYTES: Bytes = 2048;

/** @throws CodedError ALERT_ADDRESS_INVALID, ALERT_ADDRESS_INSECURE. */
export function createWecom({ webhook, mentionAll = false }: WecomOptions, clock: Clock): Channel {
  const { url, secret: key } = readBotAddress('wecom', webhook, BASE, ({ searchParams }) =>
    searchParams.get('key'),
  );
  return createBot(
    {
      name: 'wecom',
      // It takes 20 a minute, by its own clock.
      limits: [{ count: 15, windowMs: MINUTE }],
      address: () => url,
      // Text and not Markdown: people who read the group in WeChat itself see nothing of the latter.
      body: ({ title, text, severity }: AlertMessage) => ({
        msgtype: 'text',
        text: {
          content: truncateBytes(`${title}\n${text}`, MOST_TEXT_BYTES),
          ...(mentionAll && severity === 'critical' ? { mentioned_list: ['@all'] } : {}),
        },
      }),
      codeField: 'errcode',
      reasonField: 'errmsg',
      // "api freq out of limit": it counts by the minute.
      waitSecondsByCode: { 45009: 60 },
      secrets: [key],
    },
    clock,
  );
}
