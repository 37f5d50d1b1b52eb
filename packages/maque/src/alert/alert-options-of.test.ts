import { resolveSettings } from '@maque/kit';
import { expect, it } from 'vitest';
import { maqueSettings } from '../settings/settings-table.ts';
import { workerEnvironment } from '../settings/worker-environment.ts';
import { alertOptionsOf } from './alert-options-of.ts';

const settingsOf = (entries: Record<string, string>) =>
  resolveSettings(maqueSettings, [{ kind: 'env', label: 'environment', entries }]);

it('makes no alerts of nothing', () => {
  expect(alertOptionsOf(settingsOf({}).values, '/srv/shop', 'en')).toBeUndefined();
});

it('makes a channel of each that is set, in the order of the settings', () => {
  const { values } = settingsOf({
    MAQUE_ENV: 'prod',
    MAQUE_ALERT_WECOM: 'key',
    MAQUE_ALERT_DINGTALK: 'token',
    MAQUE_ALERT_DINGTALK_SECRET: 'SEC',
    MAQUE_ALERT_FEISHU: 'id',
    MAQUE_ALERT_SMTP: 'smtps://a%40b.c:x@b.c',
    MAQUE_ALERT_EMAIL_TO: 'me@b.c, you@b.c',
    MAQUE_ALERT_WEBHOOK: 'https://b.c/alerts',
    MAQUE_ALERT_MENTION_ALL: 'true',
    MAQUE_ALERT_OFF: 'cpu',
    MAQUE_ALERT_P95: '3s',
  });
  expect(alertOptionsOf(values, '/srv/shop', 'zh-CN')).toEqual({
    channels: [
      { type: 'wecom', webhook: 'key', mentionAll: true },
      { type: 'dingtalk', webhook: 'token', secret: 'SEC', mentionAll: true },
      { type: 'feishu', webhook: 'id', mentionAll: true },
      { type: 'email', smtp: 'smtps://a%40b.c:x@b.c', to: ['me@b.c', 'you@b.c'] },
      { type: 'webhook', url: 'https://b.c/alerts' },
    ],
    rules: { latency: { warning: 3_000, clear: 1_500 }, cpu: false },
    language: 'zh-CN',
    source: { app: 'shop', environment: 'prod' },
  });
});

it('tells workers nothing of it', () => {
  const environment = workerEnvironment(settingsOf({ MAQUE_ALERT_WECOM: 'key', MAQUE_TOKEN_TTL: '1h' }));
  expect(environment).toMatchObject({ MAQUE_TOKEN_TTL: '3600000', MAQUE_ALERT_WECOM: undefined });
});
