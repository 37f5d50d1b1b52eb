// A worker process for tests that kill it: takes jobs from a database and writes down what it does.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MiB, systemClock } from '@maque/kit';
import { silentLogger } from '../../logging/logger.ts';
import { openSqliteDatabase } from '../database/sqlite/sqlite-database.ts';
import { LocalMessageBus } from '../message-bus/local-message-bus.ts';
import { DatabaseJobQueue } from './database-job-queue.ts';

const [path = '', diary = '', aheadMs = '0'] = process.argv.slice(2);
const database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal' });
const queue = new DatabaseJobQueue({
  database,
  bus: new LocalMessageBus(() => {}),
  log: silentLogger,
  clock: { now: () => systemClock.now() + Number(aheadMs), monotonic: systemClock.monotonic },
  pressure: () => 'none',
  onDead: () => {},
  pollMs: 20,
});
const handler = async ({ payload }: { readonly payload: { readonly number?: number } }) => {
  appendFileSync(diary, `begins ${payload.number}\n`);
  await sleep(5);
  appendFileSync(diary, `ends ${payload.number}\n`);
};
queue.handle('count', handler, { concurrency: 2 });
queue.start();
setInterval(() => {}, 1_000);
