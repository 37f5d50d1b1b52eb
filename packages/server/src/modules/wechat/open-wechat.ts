import type { Clock } from '@maque/kit';
import type { FailureCode, WechatClient, WechatError } from '@maque/wechat';
import { moreApps, type WechatApp } from '../../config/more-apps.ts';
import type { ServerSettings } from '../../config/settings-table.ts';
import type { RouteLog } from '../../define/route.ts';
import type { Database } from '../../ports/index.ts';
import { createDatabaseTokenStore } from './token-store.ts';
import type { WechatMeter } from './wechat-meter.ts';

/** What comes of what users do, day by day, and is nobody's fault here. */
const OF_USERS: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'WECHAT_NO_CONSENT',
  'WECHAT_CODE_INVALID',
  'WECHAT_SESSION_STALE',
  'WECHAT_USER_AWAY',
  'WECHAT_USER_BLOCKED',
]);

export interface OpenWechatOptions {
  readonly settings: ServerSettings;
  readonly database: Database;
  /** Tells an operator. */
  readonly attention: (error: WechatError) => void;
  readonly meter: WechatMeter;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** The client of WeChat that all of a server's modules share; null when there is no AppID. */
export async function openWechat(options: OpenWechatOptions): Promise<WechatClient | null> {
  const { wechatAppId: appId, wechatSecret: secret = '' } = options.settings;
  return appId === undefined ? null : openClient({ appId, secret }, options);
}

/** That client, and those of the further mini-programs whose users log in here. */
export async function openMoreApps(
  first: WechatClient | null,
  options: OpenWechatOptions,
): Promise<readonly WechatClient[]> {
  if (first === null) return [];
  return [first, ...(await Promise.all(moreApps(options.settings).map((app) => openClient(app, options))))];
}

async function openClient(
  { appId, secret }: WechatApp,
  { settings, database, attention, meter, log, clock }: OpenWechatOptions,
): Promise<WechatClient> {
  const { wechatBaseUrl: baseUrl, wechatTokenMode } = settings;
  const { createWechatClient } = await import('@maque/wechat');
  return createWechatClient({
    ...{ appId, secret, baseUrl, clock },
    tokenMode: wechatTokenMode,
    tokenStore: createDatabaseTokenStore(database, appId),
    onAlert: attention,
    onCall: (report) => {
      meter.call(report);
      if (report.failure === null) return;
      // With its rid, which WeChat can be asked about for seven days.
      if (OF_USERS.has(report.failure)) log.info({ ...report }, 'WeChat refused a call');
      else log.warn({ ...report }, 'a call of WeChat failed');
    },
    onQuota: (quota) => meter.quota(quota),
    onClockSkew: (skew) => meter.clockSkew(skew),
  });
}
