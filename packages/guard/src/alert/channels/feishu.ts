import { createHmac } from 'node:crypto';
import { type Bytes, type Clock, MINUTE, SECOND } from '@maque/kit';
import type { AlertMessage } from '../alert-message.ts';
import type { Channel } from '../channel.ts';
import { truncateBytes } from '../truncate-bytes.ts';
import { readBotAddress } from './address.ts';
import { createBot } from './bot.ts';

/** A custom bot of Feishu (飞书自定义机器人). */
export interface FeishuOptions {
  readonly type: 'feishu';
  /** The whole address that the bot's page shows, or only the id at its end. Either is a secret. */
  readonly webhook: string;
  /** What it signs with (签名校验), if the bot is set so. */
  readonly secret?: string;
  /** Mentions everybody when it is urgent; false unless told. */
  readonly mentionAll?: boolean;
}

const BASE = 'https://open.feishu.cn/open-apis/bot/v2/hook/';
const MENTION_ALL = '\n<at user_id="all">所有人</at>';

// A body may have 20 KB; the rest is for JSON around the text, and for what it escapes.
const MOST_TEXT_BYTES: Bytes = 16 * 1024;

/** @throws CodedError ALERT_ADDRESS_INVALID, ALERT_ADDRESS_INSECURE. */
export function createFeishu({ webhook, secret, mentionAll = false }: FeishuOptions, clock: Clock): Channel {
  const { url, secret: id } = readBotAddress(
    'feishu',
    webhook,
    BASE,
    ({ pathname }) => /\/hook\/([\w-]+)$/.exec(pathname)?.[1],
  );
  return createBot(
    {
      name: 'feishu',
      // It takes 100 a minute and 5 a second.
      limits: [
        { count: 60, windowMs: MINUTE },
        { count: 3, windowMs: SECOND },
      ],
      address: () => url,
      body({ title, text, severity }: AlertMessage, nowMs) {
        // Only its own tags shall be read as such: a note may hold anything.
        const plain = truncateBytes(`${title}\n${text}`.replaceAll('<at', '< at'), MOST_TEXT_BYTES);
        const mention = mentionAll && severity === 'critical' ? MENTION_ALL : '';
        const timestamp = String(Math.floor(nowMs / SECOND));
        return {
          ...(secret === undefined ? {} : { timestamp, sign: signFeishu(timestamp, secret) }),
          msg_type: 'text',
          content: { text: plain + mention },
        };
      },
      codeField: 'code',
      reasonField: 'msg',
      waitSecondsByCode: { 11232: 60 },
      secrets: [id, secret ?? ''],
    },
    clock,
  );
}

/** Base64: what is usually signed is the key here, and nothing is signed with it. */
export function signFeishu(timestampSeconds: string, secret: string): string {
  return createHmac('sha256', `${timestampSeconds}\n${secret}`).digest('base64');
}
