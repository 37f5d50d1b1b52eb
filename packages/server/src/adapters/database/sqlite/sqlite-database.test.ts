import { execFile as execFileWithCallback } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createManualClock, MiB, SECOND } from '@maque/kit';
import { describeDatabase } from '@maque/testkit/conformance/database-conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../ports/database.ts';
import { openSqliteDatabase, type SqliteOptions } from './sqlite-database.ts';

const execFile = promisify(execFileWithCallback);

interface Folder {
  readonly path: string;
  open(options?: Partial<SqliteOptions>): Promise<Database>;
  remove(): Promise<void>;
}

async function databaseFolder(): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'maque-sqlite-'));
  const opened: Database[] = [];
  return {
    path: folder,
    async open(options = {}) {
      const path = join(folder, 'app.db');
      const database = await openSqliteDatabase({
        path,
        cacheBytes: 4 * MiB,
        synchronous: 'normal',
        ...options,
      });
      opened.push(database);
      return database;
    },
    async remove() {
      await Promise.allSettled(opened.map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeDatabase('SQLite', async () => {
  const folder = await databaseFolder();
  return { database: await folder.open(), connect: () => folder.open(), remove: folder.remove };
});

describe('a SQLite database', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await databaseFolder();
  });
  afterEach(() => folder.remove());

  const createTable = (database: Database) =>
    database.run({ sql: 'create table t (id text primary key, n integer)', parameters: [] });
  const insert = (id: string) => ({ sql: 'insert into t values (?, 1)', parameters: [id] });

  it('adds its time up to whoever it is asked for, and to nobody else', async () => {
    const ann = { databaseMs: 0 };
    const bob = { databaseMs: 0 };
    let asking: { databaseMs: number } | undefined;
    const database = await folder.open({ accountOf: () => asking });
    await database.run({ sql: 'create table things (id integer)', parameters: [] });
    asking = ann;
    const write = database.transaction(async (tx) => {
      asking = bob;
      await sleep(30);
      await tx.run({ sql: 'insert into things values (1)', parameters: [] });
    });
    asking = bob;
    await database.all({ sql: 'select * from things', parameters: [] });
    asking = undefined;
    await write;
    expect(ann.databaseMs).toBeGreaterThanOrEqual(29);
    expect(bob.databaseMs).toBeGreaterThan(0);
    expect(bob.databaseMs).toBeLessThan(ann.databaseMs);
  });

  it('is opened by several processes at once while it is made', async () => {
    const program = `
      import { openSqliteDatabase } from ${JSON.stringify(import.meta.resolve('./sqlite-database.ts'))};
      const options = { path: process.argv[1], cacheBytes: 1e6, synchronous: 'normal' };
      const database = await openSqliteDatabase(options);
      await database.transaction(async (tx) => {
        await tx.run({ sql: 'create table if not exists t (id text)', parameters: [] });
        await tx.run({ sql: 'insert into t values (?)', parameters: [String(process.pid)] });
      });
      await database.close();`;
    const open = () =>
      execFile(process.execPath, ['--input-type=module', '--eval', program, join(folder.path, 'app.db')]);
    await Promise.all(Array.from({ length: 4 }, open));
    const database = await folder.open();
    expect(await database.arrays({ sql: 'select count(distinct id) from t', parameters: [] })).toEqual([[4]]);
  });

  it('keeps the event loop free while another process holds the lock, then goes on', async () => {
    const [mine, other] = [await folder.open(), await folder.open()];
    await createTable(mine);
    const gate = Promise.withResolvers<void>();
    const holding = other.transaction(async (tx) => {
      await tx.run(insert('theirs'));
      await gate.promise;
    });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 20) gate.resolve();
    }, 5);
    await mine.run(insert('mine'));
    clearInterval(timer);
    await holding;
    expect(turns).toBeGreaterThanOrEqual(20);
    expect(await mine.arrays({ sql: 'select id from t order by id', parameters: [] })).toEqual([
      ['mine'],
      ['theirs'],
    ]);
  });

  it('answers DATABASE_BUSY when the lock is not given back in time, and works again afterwards', async () => {
    const [mine, other] = [await folder.open({ busyDeadlineMs: 50 }), await folder.open()];
    await createTable(mine);
    const gate = Promise.withResolvers<void>();
    const holding = other.transaction(() => gate.promise);
    await expect(mine.run(insert('a'))).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
      retryAfterSeconds: 1,
    });
    await expect(mine.transaction((tx) => tx.run(insert('a')))).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
    });
    expect(await mine.arrays({ sql: 'select count(*) from t', parameters: [] })).toEqual([[0]]);
    gate.resolve();
    await holding;
    expect(await mine.run(insert('a'))).toEqual({ changes: 1 });
  });

  it('answers DATABASE_BUSY to migrations before the 30 s are over that the keeper gives a start', async () => {
    const clock = createManualClock(0);
    const [mine, other] = [await folder.open({ clock }), await folder.open()];
    await createTable(mine);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const holding = other.transaction(() => {
      begun.resolve();
      return gate.promise;
    });
    await begun.promise;
    let outcome = 'waits';
    const migrating = mine
      .exclusive(async () => {})
      .catch(({ code }) => {
        outcome = code;
      });
    await nextTurn();
    clock.advance(19 * SECOND);
    // Several attempts: each pause between two is 20 ms at most.
    await sleep(100);
    expect(outcome).toBe('waits');
    clock.advance(2 * SECOND);
    await migrating;
    expect(outcome).toBe('DATABASE_BUSY');
    gate.resolve();
    await holding;
  });

  it('bounds the writers that wait in this process', async () => {
    const database = await folder.open({ maxWaitingWriters: 2 });
    await createTable(database);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const holding = database.transaction(async () => {
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    const waiting = [database.run(insert('a')), database.run(insert('b'))];
    await expect(database.run(insert('c'))).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    gate.resolve();
    await Promise.all([holding, ...waiting]);
    expect(await database.arrays({ sql: 'select count(*) from t', parameters: [] })).toEqual([[2]]);
  });

  it('keeps each write of a group all or nothing by itself', async () => {
    const database = await folder.open();
    await createTable(database);
    const outcomes = await Promise.allSettled([
      database.run(insert('a')),
      database.transaction(async (tx) => {
        await tx.run(insert('b'));
        await tx.run(insert('a'));
      }),
      database.run(insert('a')),
      database.transaction(async (tx) => {
        await tx.run(insert('c'));
        return tx.arrays({ sql: 'select id from t order by id', parameters: [] });
      }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(outcomes[3]).toMatchObject({ value: [['a'], ['c']] });
    expect(await database.arrays({ sql: 'select id from t order by id', parameters: [] })).toEqual([
      ['a'],
      ['c'],
    ]);
  });

  it('rejects every write of a group that could not be kept', async () => {
    const database = await folder.open();
    await createTable(database);
    // Whoever rolls back the whole transaction takes its neighbours along.
    const outcomes = await Promise.allSettled([
      database.run(insert('a')),
      database.transaction((tx) =>
        tx.run({ sql: 'insert or rollback into t values (?, 1)', parameters: ['a'] }),
      ),
      database.run(insert('b')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await database.arrays({ sql: 'select id from t', parameters: [] })).toEqual([['b']]);
  });

  it('tells that the disk is full, keeps nothing of that write, and goes on when there is room', async () => {
    const database = await folder.open();
    await createTable(database);
    // SQLite answers the same to a file that may not grow as to a disk that has no room.
    const limit = (pages: number) =>
      database.all({ sql: `pragma max_page_count = ${pages}`, parameters: [] });
    await limit(1);
    const large = database.run(insert('x'.repeat(100_000)));
    await expect(large).rejects.toMatchObject({ code: 'DISK_FULL', status: 507 });
    await limit(100_000);
    await database.run(insert('a'));
    expect(await database.arrays({ sql: 'select id from t', parameters: [] })).toEqual([['a']]);
  });

  it('rolls back a transaction that hangs, so that others can write', async () => {
    const database = await folder.open({ maxTransactionMs: 30 });
    await createTable(database);
    const hanging = database.transaction(async (tx) => {
      await tx.run(insert('a'));
      await new Promise(() => {});
    });
    await expect(hanging).rejects.toThrow('took longer than 30 ms');
    await database.run(insert('b'));
    expect(await database.arrays({ sql: 'select id from t', parameters: [] })).toEqual([['b']]);
  });

  it('sees what another connection changed in a table it has read before', async () => {
    const [mine, other] = [await folder.open(), await folder.open()];
    await createTable(mine);
    const select = { sql: 'select * from t', parameters: [] };
    expect(await mine.arrays(select)).toEqual([]);
    await other.run({ sql: 'alter table t add column extra text', parameters: [] });
    await other.run(insert2('a'));
    expect(await mine.arrays(select)).toEqual([['a', 1, 'x']]);
  });
  const insert2 = (id: string) => ({ sql: `insert into t values (?, 1, 'x')`, parameters: [id] });

  it('keeps a bounded number of prepared statements', async () => {
    const database = await folder.open();
    await createTable(database);
    for (let index = 0; index < 600; index += 1) {
      await database.all({ sql: `select id, ${index} from t`, parameters: [] });
    }
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 6_000; index += 1) {
      await database.all({ sql: `select id, ${index} from t`, parameters: [] });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(30 * MiB);
  });

  it('refuses to be used after it was closed, whoever still waits', async () => {
    const database = await folder.open();
    await createTable(database);
    const gate = Promise.withResolvers<void>();
    const holding = database.transaction(() => gate.promise);
    const closing = database.close();
    const late = database.run(insert('late')).catch((error: Error) => error.message);
    gate.resolve();
    await Promise.all([holding, closing]);
    expect(await Promise.race([late, sleep(2_000, 'waits for ever')])).toMatch(/closed/);
  });
});
