import type { Clock } from '@maque/kit';
import type { Channel } from '../channel.ts';
import { createDingtalk, type DingtalkOptions } from './dingtalk.ts';
import { createEmail, type EmailOptions } from './email.ts';
import { createFeishu, type FeishuOptions } from './feishu.ts';
import { createWebhook, type WebhookOptions } from './webhook.ts';
import { createWecom, type WecomOptions } from './wecom.ts';

export type ChannelOptions = WecomOptions | DingtalkOptions | FeishuOptions | EmailOptions | WebhookOptions;

/** @throws CodedError ALERT_ADDRESS_INVALID, ALERT_ADDRESS_INSECURE. */
export function createChannel(options: ChannelOptions, clock: Clock): Channel {
  switch (options.type) {
    case 'wecom':
      return createWecom(options, clock);
    case 'dingtalk':
      return createDingtalk(options, clock);
    case 'feishu':
      return createFeishu(options, clock);
    case 'email':
      return createEmail(options);
    case 'webhook':
      return createWebhook(options, clock);
  }
}
