import { readFileSync } from 'node:fs';
import type { Clock } from '@maque/kit';
import type { PayClient } from '@maque/wechat';
import { createPayClient, type PayCallReport } from '@maque/wechat/pay';
import type { PaySettings } from '../../config/pay-settings.ts';
import type { Attention } from '../../logging/attention.ts';
import { createCalmAttention } from './calm-attention.ts';
import { NOTIFY_PATH } from './notify-routes.ts';

export interface OpenPayClientOptions {
  readonly settings: PaySettings;
  readonly attention: Attention;
  readonly onCall: (report: PayCallReport) => void;
  readonly clock: Clock;
}

/**
 * The client of WeChat Pay for the merchant of the settings.
 * @throws CodedError when a key is not one, or the system's error when a file cannot be read.
 */
export function openPayClient({ settings, attention, onCall, clock }: OpenPayClientOptions): PayClient {
  const { appId, mchId, serial, keyFile, apiV3Key, publicKey, publicUrl, baseUrl } = settings;
  return createPayClient({
    ...{ appId, mchId, apiV3Key, onCall, clock },
    merchantSerial: serial,
    merchantKey: readFileSync(keyFile, 'utf8'),
    ...(publicKey === undefined
      ? {}
      : { publicKeys: { [publicKey.id]: readFileSync(publicKey.file, 'utf8') } }),
    notifyUrl: `${publicUrl.replace(/\/+$/, '')}${NOTIFY_PATH}`,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    onAlert: createCalmAttention(attention, clock),
  });
}
