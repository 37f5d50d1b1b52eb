import type { ServerSettings } from './settings-table.ts';

/** All that a merchant account needs; only {@link paySettingsOf} makes it, of settings that are complete. */
export interface PaySettings {
  readonly appId: string;
  readonly mchId: string;
  readonly serial: string;
  readonly keyFile: string;
  readonly apiV3Key: string;
  readonly publicKey: { readonly id: string; readonly file: string } | undefined;
  readonly publicUrl: string;
  /** Undefined for WeChat Pay's own, which has a backup. */
  readonly baseUrl: string | undefined;
}

export const WECHAT_PAY_URL = 'https://api.mch.weixin.qq.com';

/** The merchant account of the settings; null when they have none, or not all of it (`checkEnvironment` says what). */
export function paySettingsOf(settings: ServerSettings): PaySettings | null {
  const { wechatAppId, payMchId, paySerial, payKeyFile, payApiV3Key, publicUrl } = settings;
  if (wechatAppId === undefined || payMchId === undefined || paySerial === undefined) return null;
  if (payKeyFile === undefined || payApiV3Key === undefined || publicUrl === undefined) return null;
  const { payPublicKeyId: id, payPublicKeyFile: file, payBaseUrl } = settings;
  return {
    ...{ appId: wechatAppId, mchId: payMchId, serial: paySerial, keyFile: payKeyFile },
    ...{ apiV3Key: payApiV3Key, publicUrl },
    publicKey: id === undefined || file === undefined ? undefined : { id, file },
    baseUrl: payBaseUrl === WECHAT_PAY_URL ? undefined : payBaseUrl,
  };
}
