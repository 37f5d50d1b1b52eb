import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MiB } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BackupProgress, Database } from '../../../ports/database.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maque-backup-'));
  database = await openSqliteDatabase({
    path: join(folder, 'app.db'),
    cacheBytes: MiB,
    synchronous: 'normal',
  });
  await database.run({ sql: 'create table t (id integer primary key, filler text)', parameters: [] });
  await database.transaction(async (tx) => {
    for (let id = 1; id <= 3_000; id += 1) await tx.run(insert(id));
  });
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const insert = (id: number) => ({ sql: 'insert into t values (?, ?)', parameters: [id, 'x'.repeat(1_000)] });
const folderNames = async () => (await readdir(folder)).filter((name) => !name.startsWith('app.db'));

function idsIn(path: string): unknown[] {
  const copy = new DatabaseSync(path, { readOnly: true });
  const ids = copy.prepare('select id from t order by id').all();
  expect(copy.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
  copy.close();
  return ids.map((row) => row.id);
}

it('copies what was committed at its beginning, while others go on writing', async () => {
  const path = join(folder, 'copy.db');
  const steps: BackupProgress[] = [];
  let isOver = false;
  const copying = database.backup(path, { onProgress: (progress) => steps.push(progress) }).finally(() => {
    isOver = true;
  });
  let id = 3_000;
  while (!isOver) {
    id += 1;
    await database.run(insert(id));
    await nextTurn();
  }
  const { tables } = await copying;
  const ids = idsIn(path);
  expect(tables).toEqual([{ name: 't', rows: ids.length }]);
  expect(ids.slice(0, 3_000)).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
  expect(ids.length).toBeLessThan(id);
  expect(steps.length).toBeGreaterThan(1);
  expect(steps.every(({ doneBytes, totalBytes }) => doneBytes <= totalBytes && totalBytes > 3_000_000)).toBe(
    true,
  );
  // One file, which can be read where nothing can be written, by its owner only.
  expect(await folderNames()).toEqual(['copy.db']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('lets the log begin anew while the copy is read again', async () => {
  const source = new DatabaseSync(join(folder, 'app.db'));
  const carriedOver: unknown[] = [];
  // Listened to from when the reading begins.
  const signal = Object.assign(new AbortController().signal, {
    addEventListener: () => carriedOver.push(source.prepare('pragma wal_checkpoint(truncate)').get()),
  });
  await database.backup(join(folder, 'copy.db'), { signal });
  source.close();
  expect(carriedOver).toMatchObject([{ busy: 0 }]);
});

it('copies what was there before an open transaction', async () => {
  const path = join(folder, 'copy.db');
  await database.exclusive(async (connection) => {
    await connection.run({ sql: 'delete from t', parameters: [] });
    await database.backup(path);
  });
  expect(idsIn(path)).toHaveLength(3_000);
});

it('leaves nothing behind when it is called off, and nothing of what is there is overwritten', async () => {
  const path = join(folder, 'copy.db');
  const calledOff = new AbortController();
  const reason = new Error('the process ends');
  const copying = database.backup(path, {
    signal: calledOff.signal,
    onProgress: () => calledOff.abort(reason),
  });
  await expect(copying).rejects.toBe(reason);
  expect(await folderNames()).toEqual([]);
  await writeFile(path, 'mine');
  await expect(database.backup(path)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await folderNames()).toEqual(['copy.db']);
});

it('tells of a folder that is not there', async () => {
  await expect(database.backup(join(folder, 'none', 'copy.db'))).rejects.toThrow(/unable to open|ENOENT/);
});

it('gives no name to a copy that is damaged', async () => {
  await database.close();
  const source = join(folder, 'app.db');
  // Inside the third of the table's pages, where nothing is read by opening it.
  const file = await open(source, 'r+');
  await file.write(Buffer.alloc(4_000, 0x55), 0, 4_000, 4_096 * 40);
  await file.close();
  database = await openSqliteDatabase({ path: source, cacheBytes: MiB, synchronous: 'normal' });
  await expect(database.backup(join(folder, 'copy.db'))).rejects.toMatchObject({
    name: 'DamagedDatabaseError',
  });
  expect(await folderNames()).toEqual([]);
});
