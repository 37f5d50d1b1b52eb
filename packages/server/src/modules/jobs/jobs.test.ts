import { createManualClock, MINUTE, MiB, SECOND } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, startWechat } from '../../../testing/start-server.ts';
import { PUSH_TOKEN, startWechatBench, type WechatBench } from '../../../testing/wechat-bench.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { DatabaseJobQueue } from '../../adapters/job-queue/database-job-queue.ts';
import { LocalMessageBus } from '../../adapters/message-bus/local-message-bus.ts';
import { collection, defineApp, field } from '../../define/index.ts';
import { silentLogger } from '../../logging/logger.ts';
import { JobGauges } from './job-gauges.ts';

describe('what an admin sees of jobs', () => {
  let bench: WechatBench;
  beforeAll(async () => {
    bench = await startWechatBench();
  });
  afterAll(() => bench[Symbol.asyncDispose]());
  const jobs = async () => (await bench.callAsAdmin('/admin/jobs')).json;

  it('is theirs alone', async () => {
    expect((await bench.call('/admin/jobs')).status).toBe(403);
    expect((await bench.call('/admin/jobs/j1/revive', {})).status).toBe(403);
  });

  it('is what waits, what runs, and what has failed for good, which gets a fresh start', async () => {
    expect(await jobs()).toEqual({ waiting: 0, running: 0, dead: 0, oldestDueMs: 0, deadJobs: [] });
    await bench.call('/me');
    await bench.simulator.accept('ann', 'tmpl-shipped');
    const data = { thing1: '龙井' };
    await bench.call('/messages', { templateId: 'tmpl-shipped', data });
    const [dead] = await waitUntil('the job to die', async () => {
      const { deadJobs } = await jobs();
      return deadJobs.length > 0 && deadJobs;
    });
    expect(dead).toEqual({
      id: expect.any(String),
      name: 'messages.send',
      attempts: 1,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      diedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      reason: expect.stringContaining('character_string2'),
      payload: { userId: expect.any(String), templateId: 'tmpl-shipped', data, isSpent: false },
    });
    expect((await bench.callAsAdmin(`/admin/jobs/${dead.id}/revive`, {})).status).toBe(204);
    // What was wrong is still wrong: it is tried anew, and dies anew.
    const [again] = await waitUntil('the job to die again', async () => {
      const { deadJobs } = await jobs();
      return deadJobs.length > 0 && deadJobs;
    });
    expect(again).toMatchObject({ id: dead.id, attempts: 1 });
    expect(again.diedAt > dead.diedAt).toBe(true);
  });

  it('says so when there is no such job', async () => {
    expect(await bench.callAsAdmin('/admin/jobs/nobody/revive', {})).toMatchObject({
      status: 404,
      json: { error: { code: 'NOT_FOUND' } },
    });
  });
});

it('finishes the job under way when the server ends, and leaves the rest to the next one', async () => {
  await using temp = await tempFolder();
  await using wechat = await startWechat();
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const done = collection({ fields: { text: field.text({ maxLength: 100 }) }, rules: { list: 'public' } });
  const app = defineApp({
    collections: { done },
    wechat: {
      async onPush({ fields }, { db }) {
        begun.resolve();
        await gate.promise;
        await db.create(done, { text: String(fields.Content) });
      },
    },
  });
  const options = {
    dataDir: temp.path,
    app,
    simulator: wechat.url,
    env: { MAQUE_WECHAT_PUSH_TOKEN: PUSH_TOKEN },
  };
  const first = await startServer(options);
  wechat.simulator.setPushTarget({ url: `${first.url}/api/wechat/push`, token: PUSH_TOKEN });
  // Two at once are handled, so the others wait.
  for (const text of ['1', '2', '3', '4']) await wechat.simulator.write('ann', text);
  await begun.promise;
  const closed = first.close(10_000);
  gate.resolve();
  await closed;
  await using second = await startServer(options);
  const texts = await waitUntil('all pushes to be done', async () => {
    const response = await fetch(`${second.url}/api/done`, { headers: { connection: 'close' } });
    const { items } = (await response.json()) as { items: { text: string }[] };
    return items.length >= 4 && items.map(({ text }) => text).sort();
  });
  expect(texts).toEqual(['1', '2', '3', '4']);
});

it('counts jobs for metrics at a pace of its own, and says nothing of what it does not know', async () => {
  await using temp = await tempFolder();
  const clock = createManualClock();
  const path = `${temp.path}/app.db`;
  const database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal' });
  let asked = 0;
  const queue = new DatabaseJobQueue({
    ...{ database, clock, bus: new LocalMessageBus(() => {}), log: silentLogger },
    pressure: () => 'none',
    onDead: () => {},
  });
  const stats = () => {
    asked += 1;
    return asked === 1
      ? Promise.resolve({ waiting: 2, running: 1, dead: 0, oldestDueMs: 1_500 })
      : queue.stats();
  };
  const gauges = new JobGauges({ jobs: { stats }, log: silentLogger, clock });
  const values = () => gauges.metrics().flatMap((metric) => ('samples' in metric ? metric.samples : []));
  expect(values()).toEqual([]);
  await waitUntil('the first counts', () => values().length > 0);
  expect(values().map(({ value }) => value)).toEqual([2, 1, 0, 1.5]);
  expect(asked).toBe(1);
  // From here on the database fails: its tables are not there.
  clock.advance(5 * SECOND);
  expect(values()).toHaveLength(4);
  expect(asked).toBe(2);
  clock.advance(2 * MINUTE);
  expect(values()).toEqual([]);
  await database.close();
});
