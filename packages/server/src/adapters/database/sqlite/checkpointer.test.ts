import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Checkpointer } from './checkpointer.ts';
import { SqliteConnection } from './sqlite-connection.ts';

let folder: string;
let writer: SqliteConnection;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maque-checkpointer-'));
  writer = new SqliteConnection({
    path: join(folder, 'app.db'),
    readOnly: false,
    maxStatements: 10,
    pragmas: ['journal_mode = wal', 'wal_autocheckpoint = 0', 'synchronous = off'],
  });
});
afterEach(async () => {
  writer.close();
  await rm(folder, { recursive: true, force: true });
});

it('warns, and throws nothing at whoever has committed, when the system gives no more threads', async () => {
  let attempts = 0;
  const checkpointer = new Checkpointer(join(folder, 'app.db'), writer, () => {
    attempts += 1;
    throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
  });
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  writer.run('create table t (filler blob)', []);
  // 28 MiB of log; the work begins at 24.
  writer.run('insert into t values (zeroblob(?))', [28 * 1024 * 1024]);
  for (let commit = 0; commit < 100; commit += 1) checkpointer.committed();
  expect((await warned).message).toContain('EAGAIN');
  expect(attempts).toBe(1);
  await checkpointer.close();
});
