import type { Clock } from '@maque/kit';
import type { WechatClient, WechatError } from '@maque/wechat';
import type { ServerSettings } from '../../config/settings-table.ts';
import type { Database } from '../../ports/index.ts';
import { createDatabaseTokenStore } from './token-store.ts';

export interface OpenWechatOptions {
  readonly settings: ServerSettings;
  readonly database: Database;
  /** Tells an operator. */
  readonly attention: (error: WechatError) => void;
  readonly clock: Clock;
}

/** The client of WeChat that all of a server's modules share; null when there is no AppID. */
export async function openWechat({
  settings,
  database,
  attention,
  clock,
}: OpenWechatOptions): Promise<WechatClient | null> {
  const { wechatAppId: appId, wechatSecret: secret = '', wechatBaseUrl: baseUrl, wechatTokenMode } = settings;
  if (appId === undefined) return null;
  const { createWechatClient } = await import('@maque/wechat');
  return createWechatClient({
    ...{ appId, secret, baseUrl, clock },
    tokenMode: wechatTokenMode,
    tokenStore: createDatabaseTokenStore(database, appId),
    onAlert: attention,
  });
}
