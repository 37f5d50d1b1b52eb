import { closeSync, copyFileSync, fdatasync, openSync, statSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CodedError, MiB } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../ports/database.ts';
import type { DiskCalls } from './log-sync.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

let folder: string;
let path: string;
const opened: Database[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maque-durable-'));
  path = join(folder, 'app.db');
});
afterEach(async () => {
  await Promise.allSettled(opened.splice(0).map((database) => database.close()));
  await rm(folder, { recursive: true, force: true });
});

async function openDatabase(disk?: DiskCalls, onDiskFault?: (error: CodedError) => void): Promise<Database> {
  const database = await openSqliteDatabase({
    path,
    cacheBytes: MiB,
    synchronous: 'full',
    ...(disk && { disk }),
    ...(onDiskFault && { onDiskFault }),
  });
  opened.push(database);
  return database;
}

const createTable = (database: Database) =>
  database.run({ sql: 'create table t (id text primary key, filler text)', parameters: [] });
const insert = (id: string) => ({ sql: 'insert into t values (?, ?)', parameters: [id, 'x'.repeat(100)] });

/** A disk whose syncs end when, and as, the test says. */
function steeredDisk() {
  const waiting: ((error: Error | null) => void)[] = [];
  let isSteered = false;
  const disk: DiskCalls = {
    open: (file) => openSync(file, 'r'),
    sync: (descriptor, done) => (isSteered ? void waiting.push(done) : fdatasync(descriptor, done)),
    close: closeSync,
  };
  const beganSync = async () => {
    while (waiting.length === 0) await nextTurn();
  };
  return {
    disk,
    waiting,
    steer: () => {
      isSteered = true;
    },
    beganSync,
    async end(error: Error | null = null) {
      await beganSync();
      waiting.shift()?.(error);
    },
  };
}

function outcomes(...writes: Promise<unknown>[]): string[] {
  const told = writes.map(() => 'waits');
  for (const [index, write] of writes.entries()) {
    write.then(
      () => {
        told[index] = 'done';
      },
      ({ code }) => {
        told[index] = code;
      },
    );
  }
  return told;
}

describe('a write', () => {
  it('is acknowledged, and told to listeners, when it is on disk and not before', async () => {
    const { disk, steer, end, beganSync } = steeredDisk();
    const database = await openDatabase(disk);
    await createTable(database);
    steer();
    let isTold = false;
    const told = outcomes(
      database.transaction(async (tx) => {
        tx.afterCommit(() => {
          isTold = true;
        });
        await tx.run(insert('a'));
      }),
    );
    await beganSync();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    // Readers may see it already: what is written after it is on disk only together with it.
    expect(await database.arrays({ sql: 'select id from t', parameters: [] })).toEqual([['a']]);
    expect([...told, isTold]).toEqual(['waits', false]);
    await end();
    await nextTurn();
    expect([...told, isTold]).toEqual(['done', true]);
  });

  it('that comes while the disk is being waited for waits for its next turn, with all the others', async () => {
    const { disk, steer, end, beganSync, waiting } = steeredDisk();
    const database = await openDatabase(disk);
    await createTable(database);
    steer();
    const first = outcomes(database.run(insert('first')));
    await beganSync();
    const later = outcomes(
      ...Array.from({ length: 40 }, (_, index) => database.run(insert(`later ${index}`))),
    );
    await nextTurn();
    await end();
    await beganSync();
    expect([first, new Set(later)]).toEqual([['done'], new Set(['waits'])]);
    await end();
    await nextTurn();
    expect([new Set(later), waiting.length]).toEqual([new Set(['done']), 0]);
  });

  it('that changed nothing is told at once why', async () => {
    const { disk, steer } = steeredDisk();
    const database = await openDatabase(disk);
    await createTable(database);
    await database.run(insert('a'));
    steer();
    await expect(database.run(insert('a'))).rejects.toMatchObject({ name: 'DuplicateValueError' });
  });
});

it('refuses all writes, and tells an operator once, when the disk failed', async () => {
  const { disk, steer, end } = steeredDisk();
  const faults: CodedError[] = [];
  const database = await openDatabase(disk, (error) => faults.push(error));
  await createTable(database);
  steer();
  const told = outcomes(database.run(insert('a')), database.run(insert('b')));
  await end(Object.assign(new Error('i/o error'), { code: 'EIO' }));
  await nextTurn();
  expect(told).toEqual(['DISK_UNSAFE', 'DISK_UNSAFE']);
  await expect(database.run(insert('c'))).rejects.toMatchObject({ code: 'DISK_UNSAFE' });
  expect(faults.map((error) => error.messageIn('en'))).toEqual([expect.stringContaining('(EIO)')]);
  // Reading goes on.
  expect(await database.arrays({ sql: 'select count(*) from t', parameters: [] })).toEqual([[2]]);
});

it('does not make what waits when the disk fails, since nobody could be told that it is kept', async () => {
  const { disk, steer, beganSync, end } = steeredDisk();
  const database = await openDatabase(disk);
  await createTable(database);
  steer();
  const told = outcomes(database.run(insert('a')));
  await beganSync();
  const later = outcomes(database.run(insert('b')));
  await end(Object.assign(new Error('i/o error'), { code: 'EIO' }));
  await vi.waitUntil(() => later[0] !== 'waits');
  expect([told, later]).toEqual([['DISK_UNSAFE'], ['DISK_UNSAFE']]);
  expect(await database.arrays({ sql: 'select id from t', parameters: [] })).toEqual([['a']]);
});

describe('a start after the disk has failed', () => {
  const failed = () => Object.assign(new Error('i/o error'), { code: 'EIO' });
  const ids = async (database: Database) =>
    (await database.arrays({ sql: 'select id from t', parameters: [] })).flat();

  /** One worker whose disk has failed, and another that goes on, so that the log stays. */
  async function failDisk(): Promise<void> {
    await openDatabase();
    const { disk, steer, end } = steeredDisk();
    const database = await openDatabase(disk);
    await createTable(database);
    steer();
    const told = outcomes(database.run(insert('a')));
    await end(failed());
    await vi.waitUntil(() => told[0] === 'DISK_UNSAFE');
  }

  it('acknowledges nothing behind what was lost: the log is in the file first, and begins anew', async () => {
    await failDisk();
    expect((await stat(`${path}-wal`)).size).toBeGreaterThan(0);
    const database = await openDatabase();
    expect((await stat(`${path}-wal`)).size).toBe(0);
    await database.run(insert('b'));
    expect(await ids(database)).toEqual(['a', 'b']);
    // Once is enough: the next start finds a log that is whole.
    const { size } = await stat(`${path}-wal`);
    await openDatabase();
    expect((await stat(`${path}-wal`)).size).toBe(size);
  });

  it('writes the log over itself before a sync of it counts', async () => {
    await failDisk();
    const { size, mtimeMs } = await stat(`${path}-wal`);
    const found: { size: number; isNewer: boolean }[] = [];
    const { disk } = steeredDisk();
    await openDatabase({
      ...disk,
      sync(descriptor, done) {
        const now = statSync(`${path}-wal`);
        found.push({ size: now.size, isNewer: now.mtimeMs > mtimeMs });
        disk.sync(descriptor, done);
      },
    });
    expect(found).toEqual([
      { size, isNewer: true },
      { size: 0, isNewer: true },
    ]);
  });

  it('refuses writes as long as the disk fails, start after start, and reads', async () => {
    await failDisk();
    for (const _start of [1, 2]) {
      const { disk, steer, end } = steeredDisk();
      steer();
      const faults: CodedError[] = [];
      const opening = openDatabase(disk, (error) => faults.push(error));
      await end(failed());
      const database = await opening;
      await expect(database.run(insert('b'))).rejects.toMatchObject({ code: 'DISK_UNSAFE' });
      expect(await ids(database)).toEqual(['a']);
      expect(faults).toHaveLength(1);
    }
  });

  it('refuses writes when the log cannot be carried over for somebody who reads for long', async () => {
    await failDisk();
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from t').get();
    const database = await openSqliteDatabase({
      ...{ path, cacheBytes: MiB, synchronous: 'full', busyDeadlineMs: 50 },
    });
    opened.push(database);
    await expect(database.run(insert('b'))).rejects.toMatchObject({ code: 'DISK_UNSAFE' });
    reader.close();
    await (await openDatabase()).run(insert('c'));
  });
});

it('holds the log open from the start: a failure before its first write must not pass it by', async () => {
  const { disk } = steeredDisk();
  const open = () => {
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  };
  await expect(openDatabase({ ...disk, open })).rejects.toMatchObject({ code: 'EMFILE' });
});

it('bounds the writes that wait for the disk', async () => {
  const { disk, steer, end } = steeredDisk();
  const database = await openSqliteDatabase({
    path,
    cacheBytes: MiB,
    synchronous: 'full',
    maxWaitingWriters: 3,
    disk,
  });
  opened.push(database);
  await createTable(database);
  steer();
  const writes = ['a', 'b', 'c'].map((id) => database.run(insert(id)));
  await nextTurn();
  await expect(database.run(insert('d'))).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  await end();
  await Promise.all(writes);
});

/**
 * A power cut leaves of a file at least what was in it when a sync began that has ended. So the log is copied whenever a
 * sync begins; what the copy of the newest ended sync holds must be all that was acknowledged by then.
 */
it('survives a power cut at any moment, two workers writing', async () => {
  const kept: { log: string; acknowledged: number }[] = [];
  let acknowledged: string[] = [];
  let begun = 0;
  let newestEnded = 0;
  const disk: DiskCalls = {
    open: (file) => openSync(file, 'r'),
    close: closeSync,
    sync: (descriptor, done) => {
      begun += 1;
      const own = begun;
      copyFileSync(`${path}-wal`, join(folder, `log-${own}`));
      fdatasync(descriptor, (error) => {
        newestEnded = Math.max(newestEnded, own);
        done(error);
      });
    },
  };
  const workers = [await openDatabase(disk), await openDatabase(disk)];
  await createTable(workers[0] as Database);
  acknowledged = [];
  let next = 0;
  const write = async (worker: Database) => {
    for (let round = 0; round < 15; round += 1) {
      next += 1;
      const id = `r${next}`;
      await worker.run(insert(id));
      acknowledged.push(id);
      kept.push({ log: join(folder, `log-${newestEnded}`), acknowledged: acknowledged.length });
    }
  };
  await Promise.all(workers.flatMap((worker) => Array.from({ length: 4 }, () => write(worker))));
  expect(acknowledged).toHaveLength(120);
  expect(begun).toBeLessThan(120);
  for (const [index, moment] of kept.entries()) {
    const cut = join(folder, `cut-${index}.db`);
    // Nothing was carried over yet: the file itself is as it was made.
    copyFileSync(path, cut);
    copyFileSync(moment.log, `${cut}-wal`);
    const after = new DatabaseSync(cut);
    const there = new Set(
      after
        .prepare('select id from t')
        .all()
        .map(({ id }) => id),
    );
    expect(after.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    after.close();
    expect(acknowledged.slice(0, moment.acknowledged).filter((id) => !there.has(id))).toEqual([]);
  }
});

it('carries the log over into the file in a thread, so that it can begin anew', async () => {
  const database = await openDatabase();
  await createTable(database);
  const write = (group: number) =>
    Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        database.run({
          sql: 'insert into t values (?, ?)',
          parameters: [`${group}-${index}`, 'x'.repeat(8_000)],
        }),
      ),
    );
  // 40 MiB: more than the 24 at which somebody begins, and less than the 64 at which SQLite itself would.
  for (let group = 0; group < 52; group += 1) await write(group);
  await vi.waitUntil(async () => (await stat(path)).size > 20 * MiB, { timeout: 10_000 });
  // Written at the beginning of the log again, and not behind it, before SQLite would see to that.
  const logBytes = async () => (await stat(`${path}-wal`)).size;
  let group = 52;
  const stays = async () => {
    const bytes = await logBytes();
    group += 1;
    await write(group);
    return (await logBytes()) === bytes;
  };
  await vi.waitUntil(stays, { timeout: 10_000 });
  expect(await logBytes()).toBeLessThan(62 * MiB);
}, 20_000);
