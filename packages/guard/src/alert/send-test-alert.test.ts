import { startDingtalkBot, startFeishuBot, startWecomBot } from '@maque/testkit/alerts/bot-simulators';
import { startMailServer } from '@maque/testkit/alerts/mail-server';
import { expect, it } from 'vitest';
import { sendTestAlert } from './send-test-alert.ts';

it('tries every channel, and tells of each what it answered', async () => {
  await using wecom = await startWecomBot();
  await using dingtalk = await startDingtalkBot({ secret: 'SECtest' });
  await using feishu = await startFeishuBot({ secret: 'SECtest' });
  await using mail = await startMailServer();
  const outcomes = await sendTestAlert({
    channels: [
      { type: 'wecom', webhook: wecom.webhook },
      { type: 'dingtalk', webhook: dingtalk.webhook, secret: 'SECwrong' },
      { type: 'feishu', webhook: feishu.webhook, secret: 'SECtest' },
      { type: 'email', smtp: mail.url, to: ['ops@example.com'] },
    ],
    quietHours: '23:00-08:00',
    timeZone: 'Asia/Shanghai',
    language: 'en',
    source: { app: 'shop', environment: 'prod', host: 'web-1' },
  });
  expect(outcomes.map(({ channel, error }) => [channel, error?.code ?? 'ok'])).toEqual([
    ['wecom', 'ok'],
    ['dingtalk', 'ALERT_REFUSED'],
    ['feishu', 'ok'],
    ['email', 'ok'],
  ]);
  expect(outcomes[1]?.error?.message).toMatch(/dingtalk refuses the message: 310000 sign not match/);
  expect(mail.mails[0]?.subject).toBe('🟢 [shop · prod · web-1] Test: alerts arrive here');
  expect(wecom.texts[0]).toContain('From 23:00-08:00 of that time only what is urgent comes.');
});
