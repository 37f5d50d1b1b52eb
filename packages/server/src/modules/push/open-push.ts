import type { WechatClient } from '@maque/wechat';
import type { ServerSettings } from '../../config/settings-table.ts';
import type { CreatePushOptions } from './create-push.ts';
import type { PushService } from './push-service.ts';

export interface OpenPushOptions
  extends Omit<CreatePushOptions, 'appId' | 'token' | 'encodingAesKey' | 'messages'> {
  readonly settings: ServerSettings;
  /** Null when there is no AppID. */
  readonly wechat: WechatClient | null;
  readonly messages: CreatePushOptions['messages'] | null;
}

/** What takes WeChat's pushes; null without an AppID or a token, which costs nothing. */
export async function openPush({
  settings,
  wechat,
  messages,
  ...options
}: OpenPushOptions): Promise<PushService | null> {
  const { pushToken: token, pushAesKey: encodingAesKey } = settings;
  if (wechat === null || messages === null || token === undefined) return null;
  const { createPush } = await import('./create-push.ts');
  return createPush({ ...options, appId: wechat.appId, token, encodingAesKey, messages });
}
