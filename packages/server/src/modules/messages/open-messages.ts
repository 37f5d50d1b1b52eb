import type { WechatClient } from '@maque/wechat';
import type { Foundation } from '../../foundation.ts';
import type { MessagesModule } from './create-messages.ts';

/** Messages of the mini-program; null without an AppID, which costs nothing. */
export async function openMessages(
  wechat: WechatClient | null,
  edges: Pick<Foundation, 'database' | 'jobs' | 'log' | 'clock'>,
): Promise<MessagesModule | null> {
  if (wechat === null) return null;
  const { createMessages } = await import('./create-messages.ts');
  return createMessages(wechat, edges);
}
