import { startDingtalkBot, startWecomBot } from '@maque/testkit/alerts/bot-simulators';
import { expect, it } from 'vitest';
import { runCommandLine } from '../cli/run-command-line.ts';
import { alertTestCommand } from '../commands/alert-test.ts';

/** Runs `maque alert test` with this environment. */
async function alertTest(env: NodeJS.ProcessEnv, ...args: string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const code = await runCommandLine([alertTestCommand], ['alert', 'test', ...args], {
    terminal: {
      out: (text) => void out.push(text),
      error: (text) => void error.push(text),
      isClosed: () => false,
      columns: () => undefined,
      style: (_, text) => text,
    },
    env,
    cwd: '/srv/shop',
    installation: { version: '', workerScript: '', preload: new URL('file:///'), consoleDir: '' },
  });
  return { code, out: out.join('\n'), error: error.join('\n') };
}

it('tells what each channel answered, and fails when one does', async () => {
  await using wecom = await startWecomBot();
  await using dingtalk = await startDingtalkBot({ secret: 'SECtest' });
  const env = { MAQUE_ALERT_WECOM: wecom.webhook, MAQUE_ALERT_DINGTALK: dingtalk.webhook };
  const failed = await alertTest({ ...env, MAQUE_ALERT_DINGTALK_SECRET: 'SECwrong' });
  expect(failed.code).toBe(1);
  expect(failed.out).toMatch(
    /^✔ wecom: sent in \d+ ms\n✖ dingtalk: dingtalk refuses .*310000.*\(ALERT_REFUSED\)$/,
  );
  expect(failed.out).not.toContain('SECwrong');
  expect(wecom.texts[0]).toMatch(/^🟢 \[shop · dev · \S+\] Test: alerts arrive here\n/);

  const right = { ...env, MAQUE_ALERT_DINGTALK_SECRET: 'SECtest', MAQUE_ALERT_QUIET_HOURS: '23:00-08:00' };
  const chinese = await alertTest({ ...right, MAQUE_ALERT_TIME_ZONE: 'Asia/Shanghai' }, '--lang', 'zh-CN');
  expect(chinese).toMatchObject({ code: 0, error: '' });
  expect(chinese.out).toMatch(/^✔ wecom：已送达，用时 \d+ ms\n✔ dingtalk：已送达/);
  expect(dingtalk.texts[0]).toMatch(/\+08:00，一切正常。\n按此时间，23:00-08:00 期间只发送紧急告警/);

  const json = JSON.parse((await alertTest(right, '--json')).out);
  expect(json).toMatchObject([
    { channel: 'wecom', error: null },
    { channel: 'dingtalk', error: null },
  ]);
});

it.each([
  [{}, /No channel of alerts is set/],
  [{ MAQUE_ALERT_SMTP: 'smtps://a%40b.c:x@b.c' }, /MAQUE_ALERT_SMTP is set, but MAQUE_ALERT_EMAIL_TO is not/],
  [{ MAQUE_ALERT_EMAIL_TO: 'a@b.c' }, /MAQUE_ALERT_EMAIL_TO is set, but MAQUE_ALERT_SMTP is not/],
  [{ MAQUE_ALERT_FEISHU_SECRET: 'x' }, /MAQUE_ALERT_FEISHU is not/],
  [{ MAQUE_ALERT_WECOM: 'http://example.com/?key=hunter2' }, /must be encrypted/],
  [{ MAQUE_ALERT_WECOM: 'abc', MAQUE_ALERT_QUIET_HOURS: 'at night' }, /23:00-08:00/],
  [
    { MAQUE_ALERT_WECOM: 'abc', MAQUE_ALERT_OFF: 'heap,disk' },
    /must be a list of .*restarts.*, not "heap,disk"/,
  ],
  [{ MAQUE_ALERT_WECOM: 'abc', MAQUE_ALERT_P95: 'soon' }, /MAQUE_ALERT_P95/],
  [{ MAQUE_ALERT_WECHAT: 'abc' }, /MAQUE_ALERT_WECHAT/],
])('refuses %j before it sends anything', async (env, complaint) => {
  const { code, error } = await alertTest(env);
  expect(code).toBe(1);
  expect(error).toMatch(complaint);
  expect(error).not.toContain('hunter2');
});
