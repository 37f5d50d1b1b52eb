import type { AlertOptions } from './alert-options.ts';
import { type AlertSettings, alertSettings } from './alert-settings.ts';
import type { ChannelOptions } from './channels/create-channel.ts';

/** Settings that mean nothing without another. */
const DEPENDENT = [
  ['alertDingtalkSecret', 'alertDingtalk'],
  ['alertFeishuSecret', 'alertFeishu'],
  ['alertWebhookSecret', 'alertWebhook'],
  ['alertEmailTo', 'alertSmtp'],
  ['alertEmailFrom', 'alertSmtp'],
  ['alertSmtp', 'alertEmailTo'],
] as const satisfies readonly (readonly [keyof AlertSettings, keyof AlertSettings])[];

/** Two variables of the environment of which one is set, and means nothing without the other. */
export interface LonelySetting {
  readonly setting: string;
  readonly missing: string;
}

/** The first setting that is only half of a channel: whoever sets it believes that there is one. */
export function lonelyAlertSetting(settings: AlertSettings): LonelySetting | undefined {
  const lonely = DEPENDENT.find(([name, other]) => isSet(settings[name]) && !isSet(settings[other]));
  if (lonely === undefined) return undefined;
  const [name, other] = lonely;
  return { setting: alertSettings[name].env, missing: alertSettings[other].env };
}

/** What the settings say of alerts; undefined when no channel is set. */
export function alertOptionsOf(settings: AlertSettings): AlertOptions | undefined {
  const channels = channelsOf(settings);
  if (channels.length === 0) return undefined;
  const { alertOff, alertP95, alertQuietHours, alertTimeZone } = settings;
  return {
    channels,
    rules: {
      latency: { warning: alertP95, clear: alertP95 / 2 },
      ...Object.fromEntries(alertOff.map((rule) => [rule, false])),
    },
    ...(alertQuietHours === undefined ? {} : { quietHours: alertQuietHours }),
    ...(alertTimeZone === undefined ? {} : { timeZone: alertTimeZone }),
  };
}

function channelsOf(settings: AlertSettings): ChannelOptions[] {
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
