import { basename } from 'node:path';
import type { AlertOptions, ChannelOptions } from '@maque/guard/alert';
import type { Language } from '@maque/kit';
import { commandErrors } from '../cli/command-errors.ts';
import { type AlertSettings, alertSettings } from '../settings/alert-settings.ts';
import type { MaqueSettings } from '../settings/settings-table.ts';

/** Settings that mean nothing without another. */
const DEPENDENT = [
  ['alertDingtalkSecret', 'alertDingtalk'],
  ['alertFeishuSecret', 'alertFeishu'],
  ['alertWebhookSecret', 'alertWebhook'],
  ['alertEmailTo', 'alertSmtp'],
  ['alertEmailFrom', 'alertSmtp'],
  ['alertSmtp', 'alertEmailTo'],
] as const satisfies readonly (readonly [keyof AlertSettings, keyof AlertSettings])[];

/**
 * What the settings say of alerts; undefined when no channel is set.
 * @param appDir names the app in messages.
 * @throws CodedError ALERT_SETTING_ALONE: an operator who sets half of a channel believes that there is one.
 */
export function alertOptionsOf(
  settings: MaqueSettings,
  appDir: string,
  language: Language,
): AlertOptions | undefined {
  const lonely = DEPENDENT.find(([name, other]) => isSet(settings[name]) && !isSet(settings[other]));
  if (lonely !== undefined) {
    const [setting, missing] = lonely.map((name) => alertSettings[name].env);
    throw commandErrors.ALERT_SETTING_ALONE({ data: { setting, missing } });
  }
  const channels = channelsOf(settings);
  if (channels.length === 0) return undefined;
  const { alertOff, alertP95, alertQuietHours, alertTimeZone, env } = settings;
  return {
    channels,
    rules: {
      latency: { warning: alertP95, clear: alertP95 / 2 },
      ...Object.fromEntries(alertOff.map((rule) => [rule, false])),
    },
    ...(alertQuietHours === undefined ? {} : { quietHours: alertQuietHours }),
    ...(alertTimeZone === undefined ? {} : { timeZone: alertTimeZone }),
    language,
    source: { app: basename(appDir), environment: env },
  };
}

function channelsOf(settings: MaqueSettings): ChannelOptions[] {
  const { alertWecom, alertDingtalk, alertFeishu, alertSmtp, alertWebhook } = settings;
  const mentionAll = settings.alertMentionAll;
  const channels: ChannelOptions[] = [];
  if (alertWecom !== undefined) channels.push({ type: 'wecom', webhook: alertWecom, mentionAll });
  if (alertDingtalk !== undefined) {
    const signed = secretOf(settings.alertDingtalkSecret);
    channels.push({ type: 'dingtalk', webhook: alertDingtalk, mentionAll, ...signed });
  }
  if (alertFeishu !== undefined) {
    const signed = secretOf(settings.alertFeishuSecret);
    channels.push({ type: 'feishu', webhook: alertFeishu, mentionAll, ...signed });
  }
  if (alertSmtp !== undefined) {
    const from = settings.alertEmailFrom;
    const sender = from === undefined ? {} : { from };
    channels.push({ type: 'email', smtp: alertSmtp, to: settings.alertEmailTo, ...sender });
  }
  if (alertWebhook !== undefined) {
    channels.push({ type: 'webhook', url: alertWebhook, ...secretOf(settings.alertWebhookSecret) });
  }
  return channels;
}

function secretOf(secret: string | undefined): { readonly secret?: string } {
  return secret === undefined ? {} : { secret };
}

function isSet(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}
