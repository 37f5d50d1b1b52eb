import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BotSimulator, startWecomBot } from '@maque/testkit/alerts/bot-simulators';
import { expect, it } from 'vitest';
import { get } from '../../testing/keep-alive-load.ts';
import { eventually, type KeeperProcess, spawnKeeper } from '../../testing/spawn-keeper.ts';

/** Rules that need not last, so that a test need not either. */
const quick = { forMs: 0, clearForMs: 0 };
const source = { app: 'shop', environment: 'test', host: 'web-1' };

/** Only the rules of a test: on a busy machine others may be right to speak. */
const rulesOff = {
  leak: false,
  heap: false,
  'box-memory': false,
  'memory-stall': false,
  cpu: false,
  latency: false,
  restarts: false,
  'slow-leak': false,
  hang: false,
  'oom-kill': false,
  'over-memory': false,
  deploy: false,
  attention: false,
} as const;

/** Waits for so many messages, while requests go on: the worker collects garbage as it serves. */
async function texts(bot: BotSimulator, keeper: KeeperProcess, count: number): Promise<void> {
  await eventually(`${count} messages`, async () => {
    await get(keeper.port, '/');
    return bot.texts.length >= count;
  });
}

/** The keeper's own word that a message went out. */
const told = (keeper: KeeperProcess) => keeper.all('ALERT_SENT').map(({ data }) => String(data.title));

it('tells of a worker whose heap is nearly full, and of its end, once each', async () => {
  await using bot = await startWecomBot();
  const keeper = await spawnKeeper('growing-app.mjs', {
    workers: 1,
    surge: false,
    alerts: {
      channels: [{ type: 'wecom', webhook: bot.webhook }],
      // Below half of the heap: above that the keeper may take so steep a rise for one that cannot wait, and replace the worker.
      rules: { ...rulesOff, heap: { ...quick, warning: 0.3, clear: 0.2 } },
      mergeMs: 0,
      language: 'en',
      source,
    },
  }).serving(1);
  await get(keeper.port, '/keep?mib=22');
  await texts(bot, keeper, 1);
  await get(keeper.port, '/let-go');
  await texts(bot, keeper, 2);
  expect(bot.texts.map((text) => text.split('\n')[0])).toEqual([
    '🟡 [shop · test · web-1] w1: heap nearly full',
    '🟢 [shop · test · web-1] Recovered: w1: heap nearly full',
  ]);
  await eventually('its own word', () => told(keeper).length === 2);
  const metrics = await get(keeper.metricsPort, '/metrics');
  expect(metrics).toContain('maque_keeper_alerts_sent_total{channel="wecom",number="1"} 2');
  expect(metrics).toContain('maque_keeper_alerts_open 0');
});

it('tells of workers that die, whichever they are, once; and when it is over', async () => {
  await using bot = await startWecomBot();
  const keeper = await spawnKeeper('plain-app.mjs', {
    workers: 2,
    alerts: {
      channels: [{ type: 'wecom', webhook: bot.webhook }],
      rules: { ...rulesOff, restarts: { warning: 2 } },
      restartWindowMs: 6_000,
      mergeMs: 0,
      language: 'en',
      source,
    },
  }).serving(2);
  for (const { data } of keeper.all('WORKER_STARTED')) process.kill(Number(data.pid), 'SIGKILL');
  await eventually('an alert and its end', () => bot.texts.length >= 2);
  expect(bot.texts[0]).toMatch(
    /The app: processes keep dying\n2 deaths within 6 s \(alert from 2\); the last: w\d, it was killed/,
  );
  expect(bot.texts[1]).toContain('Recovered: The app: processes keep dying');
  expect(bot.texts).toHaveLength(2);
});

it('leaves what an earlier keeper has told to that one', async () => {
  await using bot = await startWecomBot();
  const folder = mkdtempSync(join(tmpdir(), 'maque-keeper-'));
  const exit = { cause: 'EXITED', exitCode: 3, signal: null, reason: null };
  const past = [1, 2, 3, 4, 5].map((seq) =>
    JSON.stringify({
      seq,
      at: new Date().toISOString(),
      code: 'WORKER_EXITED',
      data: { worker: 'w1', exit },
    }),
  );
  writeFileSync(join(folder, 'events.jsonl'), `${past.join('\n')}\n`);
  const alerts = {
    channels: [{ type: 'wecom' as const, webhook: bot.webhook }],
    rules: { ...rulesOff, restarts: { ...quick, warning: 1 } },
    mergeMs: 0,
    language: 'en' as const,
    source,
  };
  const keeper = await spawnKeeper('plain-app.mjs', { alerts }, folder).serving(2);
  process.kill(Number((await keeper.event('WORKER_STARTED')).data.pid), 'SIGKILL');
  await eventually('a message', () => bot.texts.length > 0);
  expect(bot.texts[0]).toContain('1 deaths within');
});

it('does not take a replacement for a death', async () => {
  await using bot = await startWecomBot();
  const keeper = await spawnKeeper('plain-app.mjs', {
    workers: 1,
    alerts: {
      channels: [{ type: 'wecom', webhook: bot.webhook }],
      rules: { ...rulesOff, restarts: { warning: 1 } },
      restartWindowMs: 2_000,
      mergeMs: 0,
      source,
    },
  }).serving(1);
  keeper.child.kill('SIGHUP');
  await keeper.event('RECYCLE_DONE');
  const [first] = keeper.all('WORKER_STARTED').slice(-1);
  process.kill(Number(first?.data.pid), 'SIGKILL');
  await eventually('the alert of the death', () => bot.texts.length >= 1);
  expect(bot.texts[0]).toContain('1 deaths within 2 s');
});

it('tells once of a worker that hangs, with what is known of it', async () => {
  await using bot = await startWecomBot();
  const keeper = await spawnKeeper('plain-app.mjs', {
    workers: 2,
    hangTimeoutMs: 3_000,
    alerts: {
      channels: [{ type: 'wecom', webhook: bot.webhook }],
      rules: { ...rulesOff, hang: {} },
      restartWindowMs: 6_000,
      mergeMs: 0,
      language: 'en',
      source,
    },
  }).serving(2);
  const [stopped] = keeper.all('WORKER_STARTED');
  process.kill(Number(stopped?.data.pid), 'SIGSTOP');
  await eventually('an alert', () => bot.texts.length >= 1);
  expect(bot.texts[0]).toMatch(/^🟡 \[shop · test · web-1\] The app: event loop blocked\nWorker w\d/);
  // Another word of the same hang would be here by now: it is killed, and the window is over.
  await keeper.event('WORKER_HUNG');
  await eventually('the end of the window', () => keeper.all('WORKER_READY').length >= 3);
  expect(bot.texts).toHaveLength(1);
});

it('passes on what an app wants somebody to see to, each matter once a minute', async () => {
  await using bot = await startWecomBot();
  const keeper = await spawnKeeper('linked-app.mjs', {
    workers: 1,
    alerts: {
      channels: [{ type: 'wecom', webhook: bot.webhook }],
      rules: { ...rulesOff, attention: {} },
      mergeMs: 0,
      language: 'en',
      source,
    },
  }).serving(1);
  await get(keeper.port, '/worry?code=KEY_REFUSED');
  await eventually('the first alert', () => bot.texts.length === 1);
  await get(keeper.port, '/worry?code=KEY_REFUSED');
  await get(keeper.port, '/worry?code=QUOTA_USED_UP');
  await eventually('the second alert', () => bot.texts.length === 2);
  expect(bot.texts.map((text) => text.split('\n')[0])).toEqual([
    '🟡 [shop · test · web-1] KEY_REFUSED: the app needs somebody',
    '🟡 [shop · test · web-1] QUOTA_USED_UP: the app needs somebody',
  ]);
  expect(bot.texts[0]).toContain('KEY_REFUSED, says w1: the key is refused');
  expect(keeper.all('APP_ATTENTION')).toHaveLength(2);
});

it('refuses to start with settings of alerts that cannot work, and does not repeat a secret', async () => {
  const keeper = spawnKeeper('plain-app.mjs', {
    alerts: { channels: [{ type: 'wecom', webhook: 'http://bots.example.com/?key=hunter2' }] },
  });
  expect(await keeper.exited).toBe(1);
  expect(keeper.failed?.code).toBe('ALERT_ADDRESS_INSECURE');
  expect(JSON.stringify(keeper.failed)).not.toContain('hunter2');
  expect(keeper.all('WORKER_STARTED')).toEqual([]);
});

it('says on its own channel that a message was lost', async () => {
  await using bot = await startWecomBot();
  const keeper = await spawnKeeper('plain-app.mjs', {
    workers: 1,
    alerts: {
      channels: [{ type: 'wecom', webhook: bot.webhook.replace('693a91f6', '00000000') }],
      rules: { ...rulesOff, restarts: { warning: 1 } },
      mergeMs: 0,
      source,
    },
  }).serving(1);
  process.kill(Number(keeper.all('WORKER_STARTED')[0]?.data.pid), 'SIGKILL');
  const lost = await keeper.event('ALERT_LOST');
  expect(lost.data).toMatchObject({ channel: 'wecom', reason: expect.stringMatching(/^93000 /) });
});
