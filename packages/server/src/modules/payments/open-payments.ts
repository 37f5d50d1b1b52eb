import { paySettingsOf } from '../../config/pay-settings.ts';
import type { Messages } from '../../define/wechat-services.ts';
import type { Foundation } from '../../foundation.ts';
import type { PaymentsModule } from './create-payments.ts';

export type OpenPaymentsOptions = Pick<
  Foundation,
  'app' | 'settings' | 'records' | 'jobs' | 'attention' | 'log' | 'clock' | 'wechatMeter'
> & { readonly messages: Messages };

/** Of the places for requests, how many may wait for WeChat Pay. */
const PAY_SHARE = 1 / 4;

/** Payments for the merchant of the settings; null when there is none, which costs nothing. @throws CodedError for a key that is none. */
export async function openPayments(options: OpenPaymentsOptions): Promise<PaymentsModule | null> {
  const { app, settings, log, attention, clock, wechatMeter } = options;
  const merchant = paySettingsOf(settings);
  if (merchant === null) return null;
  const { openPayClient } = await import('./open-pay-client.ts');
  const { createPayments } = await import('./create-payments.ts');
  const pay = openPayClient({
    ...{ settings: merchant, attention, clock },
    onCall(report) {
      wechatMeter.call(report);
      // By the Request-ID in it WeChat Pay's support finds the call.
      if (report.failure !== null) log.warn({ ...report }, 'a call of WeChat Pay failed');
    },
  });
  return createPayments({
    ...options,
    pay,
    handlers: app.wechat,
    maxAtOnce: Math.max(1, Math.floor(settings.maxConcurrent * PAY_SHARE)),
  });
}
