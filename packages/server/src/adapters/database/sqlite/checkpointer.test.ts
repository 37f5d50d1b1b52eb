import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { CodedError } from '@maque/kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Checkpointer, startCheckpointThread } from './checkpointer.ts';
import { SqliteConnection } from './sqlite-connection.ts';

let folder: string;
let writer: SqliteConnection;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maque-checkpointer-'));
  writer = new SqliteConnection({
    path: join(folder, 'app.db'),
    readOnly: false,
    maxStatements: 10,
    pragmas: ['journal_mode = wal', 'wal_autocheckpoint = 0', 'synchronous = off', 'busy_timeout = 5000'],
  });
});
afterEach(async () => {
  writer.close();
  await rm(folder, { recursive: true, force: true });
});

/** 28 MiB of log; the work begins at 24. */
function fillLog(): void {
  writer.run('create table if not exists t (filler blob)', []);
  writer.run('insert into t values (zeroblob(?))', [28 * 1024 * 1024]);
}

function commitOften(checkpointer: Checkpointer): void {
  for (let commit = 0; commit < 100; commit += 1) checkpointer.committed();
}

it('tells an operator, and throws nothing at whoever has committed, when the system gives no more threads', async () => {
  let attempts = 0;
  const told: CodedError[] = [];
  const startThread = () => {
    attempts += 1;
    throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
  };
  const path = join(folder, 'app.db');
  const checkpointer = new Checkpointer({ path, writer, startThread, onFault: (error) => told.push(error) });
  fillLog();
  commitOften(checkpointer);
  expect(told.map(({ code, message }) => [code, message.includes('EAGAIN')])).toEqual([
    ['CHECKPOINT_FAILED', true],
  ]);
  expect(attempts).toBe(1);
  await checkpointer.close();
});

it('tells an operator once of a file that takes nothing, and again when it has failed anew', async () => {
  const whole = join(folder, 'app.db');
  const broken = join(folder, 'broken.db');
  await writeFile(broken, 'this is no database '.repeat(1_000));
  const threads: Worker[] = [];
  let path = broken;
  const told: CodedError[] = [];
  const checkpointer = new Checkpointer({
    ...{ path: whole, writer, idleMs: 1 },
    onFault: (error) => told.push(error),
    startThread() {
      const thread = startCheckpointThread(path);
      threads.push(thread);
      return thread;
    },
  });
  const tryUntil = (isDone: () => boolean | Promise<boolean>) =>
    vi.waitUntil(
      () => {
        commitOften(checkpointer);
        return isDone();
      },
      { timeout: 10_000 },
    );
  fillLog();
  await tryUntil(() => threads.length >= 3);
  expect(told.map(({ code }) => code)).toEqual(['CHECKPOINT_FAILED']);

  path = whole;
  await tryUntil(async () => (await stat(whole)).size > 20 * 1024 * 1024);
  // Nothing is left for it to do, so it goes.
  await vi.waitUntil(() => threads.at(-1)?.threadId === -1, { timeout: 10_000 });
  path = broken;
  fillLog();
  await tryUntil(() => told.length > 1);
  await checkpointer.close();
}, 40_000);
