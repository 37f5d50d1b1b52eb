import { createManualClock, HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { startReceiver } from '@maque/testkit/alerts/alert-receiver';
import { startDingtalkBot, startWecomBot } from '@maque/testkit/alerts/bot-simulators';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it, onTestFinished } from 'vitest';
import { calmFacts, calmProcess, heapAt, leakAt } from '../../fixtures/alert-facts.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { AlertOptions } from './alert-options.ts';
import { createAlerter } from './alerter.ts';
import type { DeliveryReport } from './channel-queue.ts';

const source = { app: 'shop', environment: 'prod', host: 'web-1' };

/** An alerter of a server whose facts and clock a test moves; its messages go to a real WeCom bot's simulator. */
async function watched(options: Partial<AlertOptions> = {}, startsAt = '2026-11-20T10:00:00+08:00') {
  const bot = await startWecomBot();
  const clock = createManualClock(Date.parse(startsAt));
  const reports: DeliveryReport[] = [];
  const alerter = createAlerter(
    {
      channels: [{ type: 'wecom', webhook: bot.webhook }],
      timeZone: 'Asia/Shanghai',
      language: 'zh-CN',
      source,
      ...options,
    },
    { clock, onDelivery: (report) => void reports.push(report) },
  );
  onTestFinished(async () => {
    alerter.stop();
    await bot[Symbol.asyncDispose]();
  });
  return {
    bot,
    clock,
    alerter,
    reports,
    lasting(ms: Milliseconds, facts: AlertFacts) {
      for (let passed = 0; passed < ms; passed += 5 * SECOND) {
        clock.advance(5 * SECOND);
        alerter.observe(facts);
      }
    },
    /** Waits until the bot has so many messages, and for a moment more that there is none too many. */
    async texts(count: number) {
      await waitUntil(`${count} messages`, () => reports.length >= count);
      expect(alerter.state().channels.map(({ queued }) => queued)).toEqual([0]);
      return bot.texts.slice();
    },
  };
}

it('tells of a leak and of its end, once each', async () => {
  const { lasting, texts, alerter } = await watched();
  lasting(5 * MINUTE, leakAt(0.97, { note: 'POST /orders: 2 KiB 每次请求\ndata/leaks/1.md' }));
  expect(alerter.state().open).toMatchObject([
    { rule: 'leak', process: 'w1', severity: 'critical', peak: 0.97 },
  ]);
  lasting(10 * MINUTE, calmFacts());
  expect(await texts(2)).toEqual([
    [
      '🔴 [shop · prod · web-1] w1：内存泄漏',
      'Buffer（堆外）：30 min 内触及上限的概率 97 %（告警线 90 %）',
      '每分钟增长 60 MiB，约 14 min 后触及上限',
      '开始于 11-20 10:00:05 +08:00',
      'POST /orders: 2 KiB 每次请求',
      'data/leaks/1.md',
      '先看：泄漏报告点名的位置，以及最近一次发布的改动。重启该进程可争取时间。',
    ].join('\n'),
    [
      '🟢 [shop · prod · web-1] 已恢复：w1：内存泄漏',
      '已无数据：进程已被替换，或已没有请求',
      '持续 10 min，开始于 11-20 10:00:05 +08:00，最严重时 97 %',
    ].join('\n'),
  ]);
  expect(alerter.state().open).toEqual([]);
});

it('tells of two workers in one message', async () => {
  const { lasting, texts } = await watched({ language: 'en' });
  const processes = ['w1', 'w2'].map((process) => calmProcess({ process, p95Ms: 2_000 }));
  lasting(3 * MINUTE, calmFacts({ processes }));
  expect(await texts(1)).toEqual([
    [
      '🟡 [shop · prod · web-1] w1, w2: slow answers',
      'w1: The slowest 5 % of the answers take 2 s or more (alert from 1 s)',
      'w1: Since 11-20 10:00:05 +08:00, for 2 min',
      'w2: The slowest 5 % of the answers take 2 s or more (alert from 1 s)',
      'w2: Since 11-20 10:00:05 +08:00, for 2 min',
      'Look first: the slowest route, then the database and whatever it calls.',
    ].join('\n'),
  ]);
});

it('lets only what is urgent through at night, and tells the rest in the morning', async () => {
  const { lasting, texts, alerter } = await watched(
    { quietHours: '23:00-08:00' },
    '2026-11-20T02:00:00+08:00',
  );
  lasting(2 * MINUTE, heapAt(0.86));
  lasting(10 * MINUTE, heapAt(0.3));
  expect(alerter.state().held).toBe(2);
  lasting(2 * MINUTE, leakAt(0.95));
  lasting(10 * MINUTE, calmFacts());
  expect(await texts(2)).toEqual([
    expect.stringContaining('w1：内存泄漏'),
    expect.stringContaining('已恢复'),
  ]);
  lasting(6 * HOUR, calmFacts());
  expect((await texts(3))[2]).toBe(
    [
      '🟡 [shop · prod · web-1] 免打扰期间的告警：2 条',
      '02:00 🟡 w1：堆内存即将用尽 (86 %)',
      '02:04 🟢 已恢复：w1：堆内存即将用尽 (30 %)',
    ].join('\n'),
  );
  expect(alerter.state().held).toBe(0);
});

it('goes on with other channels when one fails, and says what is wrong with it', async () => {
  await using down = await startReceiver(() => ({ status: 500, body: '' }));
  await using dingtalk = await startDingtalkBot();
  const { lasting, alerter } = await watched({
    channels: [
      { type: 'webhook', url: `${down.origin}/hook?token=hunter2` },
      { type: 'dingtalk', webhook: dingtalk.webhook, secret: 'SECtest' },
    ],
  });
  lasting(2 * MINUTE, heapAt(0.95));
  await waitUntil('both channels', () =>
    alerter.state().channels.every(({ failures, sent }) => failures + sent > 0),
  );
  const [webhook, other] = alerter.state().channels;
  expect(webhook).toMatchObject({ queued: 1, lastFailure: { code: 'ALERT_UNREACHABLE' } });
  expect(other).toMatchObject({ channel: 'dingtalk', sent: 1, failures: 0 });
  expect(JSON.stringify(alerter.state())).not.toMatch(/hunter2|SECtest|693a91f6/);
});

it('leaves out rules that are off, and takes other thresholds', async () => {
  const { lasting, texts } = await watched({
    rules: { heap: false, latency: { warning: 100, forMs: 0 } },
  });
  lasting(2 * MINUTE, {
    ...heapAt(0.99),
    processes: [calmProcess({ heapFloor: 199 * 2 ** 20, p95Ms: 150 })],
  });
  expect(await texts(1)).toEqual([expect.stringContaining('不低于 150 ms')]);
});

it('warns of facts that make no sense, once, and goes on', async () => {
  const { alerter, lasting, texts } = await watched();
  const warnings: string[] = [];
  const hear = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  for (let count = 0; count < 3; count += 1) alerter.observe({ processes: [null], box: null } as never);
  lasting(2 * MINUTE, heapAt(0.95));
  expect(await texts(1)).toHaveLength(1);
  await waitUntil('a warning', () => warnings.length > 0);
  expect(warnings).toEqual([expect.stringContaining('Alerts could not read these facts')]);
});
