import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PressureLevel } from '@maque/guard';
import { createManualClock, DAY, MINUTE, MiB, SECOND } from '@maque/kit';
import { describeJobQueue } from '@maque/testkit/conformance/job-queue-conformance';
import type { JobQueueUnderTest } from '@maque/testkit/conformance/job-queue-under-test';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../logging/logger.ts';
import { type Database, HopelessJobError, type Job } from '../../ports/index.ts';
import { openSqliteDatabase } from '../database/sqlite/sqlite-database.ts';
import { LocalMessageBus } from '../message-bus/local-message-bus.ts';
import { DatabaseJobQueue, type DatabaseJobQueueOptions } from './database-job-queue.ts';
import { jobMigrations } from './job-tables.ts';

async function createWorld(changes: Partial<DatabaseJobQueueOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'maque-jobs-'));
  const clock = createManualClock();
  const bus = new LocalMessageBus(() => {});
  const opened: Database[] = [];
  const queues: DatabaseJobQueue[] = [];
  async function open(): Promise<Database> {
    const path = join(folder, 'app.db');
    const database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal' });
    opened.push(database);
    return database;
  }
  const database = await open();
  for (const migration of jobMigrations) await migration.up(database.query);
  return {
    ...{ clock, database, folder },
    async connect() {
      const own = await open();
      const queue = new DatabaseJobQueue({
        ...{ database: own, bus, clock, log: silentLogger },
        pressure: () => 'none',
        onDead: () => {},
        // Time stands still here, so nothing tells a queue that it has passed.
        pollMs: 5,
        ...changes,
      });
      queues.push(queue);
      return {
        queue,
        async kill() {
          await own.close();
          await queue.stop(0);
        },
      };
    },
    async pass(ms: number) {
      clock.advance(ms);
      // Some looks of every queue.
      await new Promise((resolve) => setTimeout(resolve, 60));
    },
    async remove() {
      await Promise.all(queues.map((queue) => queue.stop(0)));
      await Promise.allSettled(opened.map((one) => one.close()));
      await rm(folder, { recursive: true, force: true });
    },
  } satisfies JobQueueUnderTest & { clock: unknown };
}

describeJobQueue('a database', createWorld);

describe('the job queue in the database', () => {
  let world: Awaited<ReturnType<typeof createWorld>> | undefined;
  const begin = async (changes: Partial<DatabaseJobQueueOptions> = {}) => {
    world = await createWorld(changes);
    return { ...world, ...(await world.connect()) };
  };
  afterEach(() => world?.remove());

  it('keeps the newest of the dead, up to its bound, and tells of each', async () => {
    const told: string[] = [];
    const { queue } = await begin({
      maxDead: 3,
      onDead: ({ name }, reason) => told.push(`${name}: ${reason}`),
    });
    queue.handle('count', async ({ payload }) => {
      throw new HopelessJobError(`no ${payload.number}`);
    });
    queue.start();
    for (let number = 1; number <= 5; number += 1) {
      await queue.add({ name: 'count', payload: { number } });
      await waitUntil('the job to die', () => told.length === number);
      world?.clock.advance(SECOND);
    }
    expect((await queue.dead(100)).map(({ reason }) => reason)).toEqual(['no 5', 'no 4', 'no 3']);
    expect(told).toHaveLength(5);
    expect(told[0]).toBe('count: no 1');
  });

  it('takes no more jobs than its bound, until some are done', async () => {
    const { queue } = await begin({ maxJobs: 3 });
    const add = () => queue.add({ name: 'count', payload: {} });
    for (let number = 1; number <= 3; number += 1) await add();
    await expect(add()).rejects.toMatchObject({ code: 'JOB_QUEUE_FULL', status: 503, retryAfterSeconds: 5 });
    queue.handle('count', async () => {});
    queue.start();
    await waitUntil('the jobs to be done', async () => (await queue.stats()).waiting === 0);
    world?.clock.advance(5 * SECOND);
    expect(await add()).toBe(true);
  });

  it('does one job and one recurring work at a time while memory is short, nothing while it is critical', async () => {
    let level: PressureLevel = 'critical';
    let running = 0;
    let most = 0;
    let done = 0;
    const { queue } = await begin({ pressure: () => level });
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      done += 1;
    };
    for (const name of ['a', 'b', 'c']) {
      queue.handle(name, work, { concurrency: 5 });
      for (let number = 0; number < 4; number += 1) await queue.add({ name, payload: {} });
    }
    queue.every('tidy', DAY, work);
    queue.start();
    await world?.pass(0);
    expect(done).toBe(0);
    level = 'elevated';
    await waitUntil('everything to be done', () => done === 13);
    expect(most).toBeLessThanOrEqual(2);
    most = 0;
    level = 'none';
    for (let number = 0; number < 10; number += 1) await queue.add({ name: 'a', payload: {} });
    await waitUntil('everything to be done', () => done === 23);
    expect(most).toBeGreaterThan(2);
  });

  it('does recurring work beside a job that takes long while memory is short', async () => {
    const gate = Promise.withResolvers<void>();
    let turns = 0;
    const { queue, pass } = await begin({ pressure: () => 'elevated' });
    queue.handle('slow', () => gate.promise);
    queue.every('check', MINUTE, async () => {
      turns += 1;
    });
    await queue.add({ name: 'slow', payload: {} });
    queue.start();
    await waitUntil('the job to run', async () => (await queue.stats()).running === 1);
    await waitUntil('the first turn', () => turns === 1);
    await pass(MINUTE);
    await waitUntil('the next turn', () => turns === 2);
    gate.resolve();
  });

  it('counts a lease from when the job is taken, however long that was held up', async () => {
    const gate = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<void>();
    const { queue, database, clock, pass } = await begin();
    queue.handle('count', () => gate.promise, { timeoutMs: MINUTE });
    await queue.add({ name: 'count', payload: {} });
    const writing = database.transaction(() => {
      isHeld.resolve();
      return held.promise;
    });
    await isHeld.promise;
    queue.start();
    await pass(4 * SECOND);
    held.resolve();
    await writing;
    await waitUntil('the job to run', async () => (await queue.stats()).running === 1);
    expect(await database.arrays({ sql: 'select dueAt from maque_jobs', parameters: [] })).toEqual([
      [clock.now() + MINUTE + 5 * SECOND],
    ]);
    gate.resolve();
  });

  it('gives the place of a handler that never ends to the next job', async () => {
    const done: unknown[] = [];
    const { queue } = await begin();
    const handler = ({ payload }: Job) =>
      payload.hangs === true ? new Promise<void>(() => {}) : Promise.resolve(void done.push(payload.number));
    queue.handle('count', handler, { timeoutMs: 10, maxAttempts: 1 });
    queue.start();
    await queue.add({ name: 'count', payload: { hangs: true } });
    await waitUntil('it to hang', async () => (await queue.stats()).running === 1);
    await queue.add({ name: 'count', payload: { number: 2 } });
    await waitUntil('the next one', () => done.length === 1);
    expect(await queue.dead(1)).toMatchObject([{ reason: 'the job did not end when its time was over' }]);
  });

  it('takes what was held back as soon as pressure is over', async () => {
    let level: PressureLevel = 'elevated';
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    // With a poll so slow that it cannot be what helps.
    const { queue } = await begin({ pressure: () => level, pollMs: DAY });
    queue.handle('slow', () => gate.promise.then(() => void done.push('slow')));
    queue.handle('quick', async () => void done.push('quick'));
    queue.start();
    await queue.add({ name: 'slow', payload: {} });
    await waitUntil('the first to run', async () => (await queue.stats()).running === 1);
    await queue.add({ name: 'quick', payload: {} });
    await world?.pass(0);
    expect(done).toEqual([]);
    level = 'none';
    gate.resolve();
    await waitUntil('both to be done', () => done.length === 2, 3_000);
  });

  it('finds what no notice came of', async () => {
    const { queue, database } = await begin();
    let done = 0;
    queue.handle('count', async () => {
      done += 1;
    });
    queue.start();
    await database.run({
      sql: "insert into maque_jobs (id, name, payload, attempts, dueAt, createdAt) values ('j1', 'count', '{}', 0, 0, 0)",
      parameters: [],
    });
    await waitUntil('the job to be done', () => done === 1);
  });

  it('does recurring work although a clock that was wrong had begun it in the future', async () => {
    const { queue, clock } = await begin();
    clock.setWallClock(Date.UTC(2040, 0, 1));
    let turns = 0;
    queue.every('tidy', MINUTE, async () => {
      turns += 1;
    });
    queue.start();
    await waitUntil('the first turn', () => turns === 1);
    clock.setWallClock(Date.UTC(2026, 0, 1));
    await waitUntil('the next turn', () => turns === 2);
  });

  it('goes on after the database has failed for a while', async () => {
    const { queue, database } = await begin();
    let done = 0;
    queue.handle('count', async () => {
      done += 1;
    });
    await database.query.schema.alterTable('maque_jobs').renameTo('gone').execute();
    queue.start();
    await world?.pass(0);
    await database.query.schema.alterTable('gone').renameTo('maque_jobs').execute();
    await queue.add({ name: 'count', payload: {} });
    await waitUntil('the job to be done', () => done === 1);
  });

  it('loses no job of processes that are killed, and gives none to two of them', async () => {
    const { queue, database, folder } = await begin();
    const jobs = Array.from({ length: 300 }, (_, number) => number);
    await database.transaction(async (tx) => {
      for (const number of jobs) await queue.add({ name: 'count', payload: { number } }, tx);
    });
    const diary = join(folder, 'diary');
    const read = async (what: 'begins' | 'ends') =>
      (await readFile(diary, 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line.startsWith(what))
        .map((line) => Number(line.split(' ')[1]));
    const work = (aheadMs: number) => {
      const script = fileURLToPath(new URL('job-worker.fixture.ts', import.meta.url));
      return spawn(process.execPath, [script, join(folder, 'app.db'), diary, String(aheadMs)], {
        stdio: 'ignore',
      });
    };
    const killed = [work(0), work(0), work(0)];
    for (const [index, child] of killed.entries()) {
      await waitUntil('some jobs to be done', async () => (await read('ends')).length >= 30 * (index + 1));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const begun = await read('begins');
    expect(new Set(begun).size).toBe(begun.length);
    expect(begun.length).toBeLessThan(jobs.length);
    // A little more than a lease later.
    const heir = work(2 * MINUTE);
    try {
      await waitUntil('all jobs', async () => new Set(await read('ends')).size === jobs.length, 20_000);
    } finally {
      heir.kill('SIGKILL');
      await once(heir, 'exit');
    }
    // Done again: at most what the three had begun and not ended, and what they could not say was done.
    expect((await read('begins')).length).toBeLessThanOrEqual(jobs.length + 3 * 2 * 2);
  });
});
