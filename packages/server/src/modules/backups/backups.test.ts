import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, DAY, GiB, MiB, type Milliseconds, resolveSettings } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mountDisk } from '../../../testing/mounted-disk.ts';
import { startServer } from '../../../testing/start-server.ts';
import { sqliteFiles } from '../../adapters/database/sqlite/verify-sqlite.ts';
import { openDiskFileStore } from '../../adapters/file-store/disk-file-store.ts';
import { type DataFolder, dataFolderAt, prepareDataFolder } from '../../config/data-folder.ts';
import { loadSecrets } from '../../config/secrets.ts';
import { serverSettings } from '../../config/settings-table.ts';
import type { Attention } from '../../logging/attention.ts';
import { silentLogger } from '../../logging/logger.ts';
import { type Backups, openBackups } from '../../open-backups.ts';
import { openDatabase } from '../../open-stores.ts';
import type { Database, DatabaseFiles, FileStore } from '../../ports/index.ts';
import { backupBeforeChange } from '../schema/backup-before-change.ts';
import { restoreBackup } from './restore-backup.ts';
import { scheduleBackups } from './schedule-backups.ts';
import { storeBackups } from './store-backups.ts';

const START = Date.parse('2026-11-20T03:00:00Z');
const clock = createManualClock(START);
let dataDir: string;
let folder: DataFolder;
let database: Database;
let files: FileStore;

const settingsOf = (entries: Record<string, string> = {}) =>
  resolveSettings(serverSettings, [
    { kind: 'env', label: 'test', entries: { MAQUE_DATA_DIR: dataDir, ...entries } },
  ]).values;
const backups = (): Backups => openBackups(settingsOf(), clock);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maque-backups-'));
  folder = prepareDataFolder(dataDir);
  loadSecrets(folder);
  await open();
  await database.run({ sql: 'create table orders (id integer primary key, note text)', parameters: [] });
  await order(1, 2, 3);
  await putFile('u1/photo.png', 'pixels');
});
afterEach(async () => {
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  database = await openDatabase({ settings: settingsOf(), folder, clock, attention: () => {} });
  files = await openDiskFileStore(folder.files);
}

async function order(...ids: number[]): Promise<void> {
  for (const id of ids) {
    await database.run({ sql: 'insert into orders values (?, ?)', parameters: [id, `order ${id}`] });
  }
}

async function putFile(key: string, text: string): Promise<void> {
  await files.put(
    key,
    (async function* () {
      yield Buffer.from(text);
    })(),
    { maxBytes: MiB, contentType: () => 'image/png' },
  );
}

const orderIds = async () =>
  (await database.arrays({ sql: 'select id from orders order by id', parameters: [] })).flat();

async function textOf(key: string): Promise<string | undefined> {
  const file = await files.open(key);
  if (file === undefined) return undefined;
  return Buffer.concat(await file.content.toArray()).toString();
}

/** As an operator does it: the service is stopped, the backup checked and put in place, the service started. */
async function restore(backup: string, from: Parameters<Backups['check']>[1] = 'disk') {
  await database.close();
  const checked = await backups().check(backup, from);
  const restored = await backups().restore(checked);
  await open();
  return restored;
}

describe('a backup on disk', () => {
  it('brings back records, files and keys as they were, and keeps what was there since', async () => {
    const secrets = await readFile(folder.secrets, 'utf8');
    const { manifest, place } = await backups().make({ to: 'disk', hasSecrets: true });
    expect(manifest).toMatchObject({
      name: '2026-11-20T030000.000Z',
      kind: 'asked',
      database: { rows: { orders: 3 } },
      files: { count: 1, bytes: 6 },
      hasSecrets: true,
    });
    expect(place).toBe(folder.backups);

    await order(4);
    await putFile('u1/photo.png', 'other pixels');
    await files.delete('u1/photo.png');
    await writeFile(folder.secrets, secrets.replaceAll('a', 'b'), { mode: 0o600 });
    clock.advance(DAY);
    const { before } = await restore(manifest.name);

    expect(await orderIds()).toEqual([1, 2, 3]);
    expect(await textOf('u1/photo.png')).toBe('pixels');
    expect(await readFile(folder.secrets, 'utf8')).toBe(secrets);
    expect(before).toBe(join(dataDir, 'before-restore-2026-11-21T030000.000Z'));
    expect((await readdir(String(before))).sort()).toEqual(['files', 'maque.db', 'secrets.json']);
    // What was kept can be brought back in the same way.
    clock.advance(DAY);
    await restore(join(String(before), 'maque.db'));
    expect(await orderIds()).toEqual([1, 2, 3, 4]);
  });

  it('is made while the service runs, takes no room for files, and is readable by its owner only', async () => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    const at = join(folder.backups, manifest.name);
    expect((await stat(join(at, 'files', 'u1', 'photo.png'))).nlink).toBe(2);
    expect((await stat(at)).mode & 0o777).toBe(0o700);
    for (const name of ['backup.json', 'maque.db', 'secrets.json']) {
      expect((await stat(join(at, name))).mode & 0o777).toBe(0o600);
    }
    await order(4);
    expect(await orderIds()).toEqual([1, 2, 3, 4]);
  });

  it('goes to any folder, without the keys where they are not asked for', async () => {
    const elsewhere = join(dataDir, 'usb', 'disk');
    const { manifest } = await backups().make({ to: { folder: elsewhere }, hasSecrets: false });
    expect((await readdir(join(elsewhere, manifest.name))).sort()).toEqual([
      'backup.json',
      'files',
      'maque.db',
    ]);
    await order(4);
    clock.advance(DAY);
    await restore(join(elsewhere, manifest.name));
    expect(await orderIds()).toEqual([1, 2, 3]);
    const listed = await backups().list({ folder: elsewhere });
    expect(listed.backups.map(({ name }) => name)).toEqual([manifest.name]);
    clock.advance(DAY);
  });
});

describe('what is damaged', () => {
  it.each([
    ['a byte of the database', 'maque.db', (bytes: Buffer) => bytes.fill(0x55, 5_000, 5_001), /SHA-256/],
    ['a missing end', 'maque.db', (bytes: Buffer) => bytes.subarray(0, 5_000), /SHA-256/],
    ['what it says of itself', 'backup.json', () => Buffer.from('{"format":1}'), /backup\.json/],
  ])('is refused: %s', async (_what, file, change, reason) => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    const path = join(folder.backups, manifest.name, file);
    await writeFile(path, change(await readFile(path)));
    await expect(backups().check(join(folder.backups, manifest.name), 'disk')).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringMatching(reason),
    });
    expect(await orderIds()).toEqual([1, 2, 3]);
  });

  it.each([
    [
      'a file that is cut',
      (at: string) => truncate(join(at, 'files/u1/photo.png'), 3),
      /1 files of 3 bytes, 1 of 6/,
    ],
    ['a file that is gone', (at: string) => rm(join(at, 'files/u1/photo.png')), /0 files/],
    ['all files gone', (at: string) => rm(join(at, 'files'), { recursive: true }), /0 files/],
  ])('is refused: %s', async (_what, change, reason) => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    await change(join(folder.backups, manifest.name));
    await expect(backups().check(manifest.name, 'disk')).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringMatching(reason),
    });
  });

  it('is refused as a lone file, too', async () => {
    const path = join(dataDir, 'lone.db');
    await writeFile(
      path,
      'this is no database, though it is long enough to be looked at as one '.repeat(100),
    );
    await expect(backups().check(path, 'disk')).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    await expect(backups().check(join(dataDir, 'none'), 'disk')).rejects.toMatchObject({
      code: 'BACKUP_UNKNOWN',
    });
  });

  it('is replaced by a whole backup, and kept beside it', async () => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    await database.close();
    const bytes = await readFile(folder.database);
    await writeFile(folder.database, bytes.fill(0x55, 0, 2_000));
    await backups().restore(await backups().check(manifest.name, 'disk'));
    await open();
    expect(await orderIds()).toEqual([1, 2, 3]);
  });
});

describe('restoring', () => {
  it('is refused while the database is in use, and changes nothing', async () => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    const checked = await backups().check(manifest.name, 'disk');
    const before = (await readdir(dataDir)).sort();
    await expect(backups().restore(checked)).rejects.toMatchObject({ code: 'RESTORE_IN_USE' });
    expect((await readdir(dataDir)).sort()).toEqual(before);
    await order(4);
    expect(await orderIds()).toEqual([1, 2, 3, 4]);
  });

  it('is refused when a server starts while the backup is laid out, and changes nothing', async () => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    await database.close();
    const before = (await readdir(dataDir)).sort();
    let looks = 0;
    const files: DatabaseFiles = {
      verify: sqliteFiles.verify,
      async settle(path) {
        looks += 1;
        await sqliteFiles.settle(path);
        if (looks === 1) await open();
      },
    };
    const checked = await backups().check(manifest.name, 'disk');
    await expect(restoreBackup(checked, folder, files, clock)).rejects.toMatchObject({
      code: 'RESTORE_IN_USE',
    });
    clock.advance(DAY);
    await order(4);
    expect(await orderIds()).toEqual([1, 2, 3, 4]);
    await database.close();
    expect((await readdir(dataDir)).sort()).toEqual(before);
    await open();
  });

  /** What is in the data folder, the restored database's temporary files apart. */
  const inFolder = async () => (await readdir(dataDir)).filter((name) => !/-(wal|shm)$/.test(name)).sort();

  it('puts all back when a step of it fails, and a server may start', async () => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    await order(4);
    await database.close();
    const before = await inFolder();
    let looks = 0;
    const files: DatabaseFiles = {
      verify: sqliteFiles.verify,
      async settle(path) {
        looks += 1;
        await sqliteFiles.settle(path);
        // What is to come in the place of the files is gone when the database has been moved.
        if (looks === 2) await rm(join(dataDir, 'restoring-now', 'uploads'), { recursive: true });
      },
    };
    const checked = await backups().check(manifest.name, 'disk');
    await expect(restoreBackup(checked, folder, files, clock)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await inFolder()).toEqual(before);
    prepareDataFolder(dataDir);
    await open();
    expect(await orderIds()).toEqual([1, 2, 3, 4]);
    expect(await textOf('u1/photo.png')).toBe('pixels');
  });

  it('is refused where the files are on a disk of their own, and changes nothing', async ({ skip }) => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    await order(4);
    using volume = mountDisk(folder.files, MiB);
    if (volume === undefined) skip();
    await database.close();
    const before = await inFolder();
    const checked = await backups().check(manifest.name, 'disk');
    await expect(backups().restore(checked)).rejects.toMatchObject({
      code: 'RESTORE_MOUNTED',
      message: expect.stringContaining(folder.files),
    });
    expect(await inFolder()).toEqual(before);
    prepareDataFolder(dataDir);
    await open();
    expect(await orderIds()).toEqual([1, 2, 3, 4]);
  });

  it('refuses a file whose latest writes are in a log beside it', async () => {
    const killed = join(dataDir, 'killed.db');
    await copyFile(folder.database, killed);
    await copyFile(`${folder.database}-wal`, `${killed}-wal`);
    await expect(backups().check(killed, 'disk')).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringContaining('killed.db-wal'),
    });
  });

  it('that was cut short keeps a server from starting until it is run again', async () => {
    const { manifest } = await backups().make({ to: 'disk', hasSecrets: true });
    clock.advance(DAY);
    await database.close();
    // As after a power cut between two of its steps: the old data is aside, the new not there yet.
    await writeFile(folder.restoring, 'a backup');
    await mkdir(join(dataDir, 'before-restore-earlier'));
    await rename(folder.database, join(dataDir, 'before-restore-earlier', 'maque.db'));
    expect(() => prepareDataFolder(dataDir)).toThrow(/maque restore/);
    await backups().restore(await backups().check(manifest.name, 'disk'));
    prepareDataFolder(dataDir);
    await open();
    expect(await orderIds()).toEqual([1, 2, 3]);
  });
});

it('tells that there is nothing to back up, and no store to put it', async () => {
  await expect(backups().make({ to: 'store', hasSecrets: false })).rejects.toMatchObject({
    code: 'BACKUP_NO_STORE',
  });
  const empty = openBackups(settingsOf({ MAQUE_DATA_DIR: join(dataDir, 'empty') }), clock);
  await expect(empty.make({ to: 'disk', hasSecrets: false })).rejects.toMatchObject({
    code: 'BACKUP_NOTHING',
  });
});

it('makes no copy that would fill the disk, before a change neither', async () => {
  const other = dataFolderAt(join(dataDir, 'other'));
  await mkdir(other.path);
  await writeFile(other.database, '');
  // It takes no room, and says that it has 8 TiB.
  await writeFile(`${other.database}-wal`, '');
  await truncate(`${other.database}-wal`, 8 * 1024 * GiB);
  const copy = () => Promise.reject(new Error('it was begun'));
  const before = backupBeforeChange({ database: { backup: copy }, folder: other, clock });
  await expect(before).rejects.toMatchObject({
    code: 'SCHEMA_BACKUP_FAILED',
    cause: { code: 'BACKUP_NO_ROOM' },
  });
});

describe('backups by schedule', () => {
  type Turn = (signal: AbortSignal) => Promise<void>;
  const attentions: Parameters<Attention>[0][] = [];

  function schedule(entries: Record<string, string>): {
    turn: Turn | undefined;
    every: Milliseconds | undefined;
  } {
    let planned: { turn: Turn; every: Milliseconds } | undefined;
    scheduleBackups({
      ...{ settings: settingsOf(entries), database, files, folder, clock, log: silentLogger },
      attention: (error) => attentions.push(error),
      jobs: {
        ...({} as Parameters<typeof scheduleBackups>[0]['jobs']),
        every: (_name, every, turn) => {
          planned = { turn, every };
        },
      },
    });
    return { turn: planned?.turn, every: planned?.every };
  }
  const never = new AbortController().signal;

  it('are made daily in prod and not in dev, unless told', () => {
    expect(schedule({ MAQUE_ENV: 'prod' }).every).toBe(DAY);
    expect(schedule({}).turn).toBeUndefined();
    expect(schedule({ MAQUE_ENV: 'prod', MAQUE_BACKUP_EVERY: '0' }).turn).toBeUndefined();
    expect(schedule({ MAQUE_BACKUP_EVERY: '6h' }).every).toBe(DAY / 4);
    expect(() => schedule({ MAQUE_ENV: 'prod', MAQUE_BACKUP_TO: 'store' })).toThrow(/MAQUE_FILE_STORE/);
  });

  it('push out the oldest of their kind, and none that somebody asked for', async () => {
    const asked = await backups().make({ to: 'disk', hasSecrets: true });
    const { turn } = schedule({ MAQUE_BACKUP_EVERY: '1h', MAQUE_BACKUP_KEEP: '2' });
    for (let hour = 0; hour < 4; hour += 1) {
      clock.advance(DAY);
      await turn?.(never);
    }
    const { backups: listed } = await backups().list('disk');
    expect(listed.map(({ kind }) => kind)).toEqual(['scheduled', 'scheduled', 'asked']);
    expect(listed.at(-1)?.name).toBe(asked.manifest.name);
    expect((await readdir(folder.backups)).length).toBe(3);
  });

  it('clear away what a process left that died over one, and not what is being made', async () => {
    const longAgo = clock.now() - 2 * DAY;
    const copy = 'before-change-2026-11-18T030000.000Z-c0ffee.db.partial';
    const underWay = '2026-11-20T020000.000Z.partial';
    for (const [name, atMs] of [
      ['2026-11-18T030000.000Z.partial', longAgo],
      [copy, longAgo],
      // A backup may go to a folder that has other things in it.
      ['holiday.mp4.partial', longAgo],
      [underWay, clock.now()],
    ] as const) {
      await mkdir(join(folder.backups, name), { recursive: true });
      await utimes(join(folder.backups, name), atMs / 1_000, atMs / 1_000);
    }
    await schedule({ MAQUE_BACKUP_EVERY: '1h' }).turn?.(never);
    const names = (await readdir(folder.backups)).filter((name) => name.endsWith('.partial'));
    expect(names.sort()).toEqual([underWay, 'holiday.mp4.partial']);
    clock.advance(DAY);
  });

  it('tell an operator when one could not be made', async () => {
    attentions.length = 0;
    await writeFile(folder.backups, 'a file is in the way');
    await schedule({ MAQUE_BACKUP_EVERY: '1h' }).turn?.(never);
    expect(attentions.map(({ code }) => code)).toEqual(['BACKUP_FAILED']);
  });
});

it('a server that runs makes its first backup by itself, and one at a time', async () => {
  const own = join(dataDir, 'served');
  await using _server = await startServer({ dataDir: own, env: { MAQUE_BACKUP_EVERY: '1h' } });
  const backupsOfServer = openBackups(settingsOf({ MAQUE_DATA_DIR: own }), clock);
  const made = async () => (await backupsOfServer.list('disk')).backups;
  await vi.waitUntil(async () => (await made()).length > 0, { timeout: 10_000 });
  const [{ name, kind, hasSecrets } = { name: '' }] = await made();
  expect({ kind, hasSecrets }).toEqual({ kind: 'scheduled', hasSecrets: true });
  const { content } = await backupsOfServer.check(name, 'disk');
  expect(content.tables.map((table) => table.name)).toContain('notes');
});

describe('backups in a store', () => {
  it('are listed, fetched and removed by name', async () => {
    // The disk's store keeps to the same contract as a bucket's.
    const place = storeBackups(files, 'cos:shop-1250000000');
    const draft = join(dataDir, 'draft');
    const made = await backups().make({ to: { folder: draft }, hasSecrets: true });
    // The files are in the bucket already.
    const manifest = { ...made.manifest, files: null };
    await place.keep(join(draft, manifest.name), manifest);
    expect(await readdir(draft)).toEqual([]);
    expect(await place.list()).toEqual([manifest]);

    const fetched = await place.fetch(manifest.name, join(dataDir, manifest.name));
    expect(fetched).toBe(join(dataDir, manifest.name));
    expect((await readdir(fetched)).sort()).toEqual(['backup.json', 'maque.db', 'secrets.json']);
    const checked = await backups().check(fetched, 'disk');
    expect(checked.content.tables).toEqual([{ name: 'orders', rows: 3 }]);

    await place.remove(manifest.name);
    expect(await place.list()).toEqual([]);
    await expect(place.fetch(manifest.name, join(dataDir, 'again'))).rejects.toMatchObject({
      code: 'BACKUP_UNKNOWN',
    });
  });

  it('are all listed when somebody makes one while the schedule does', async () => {
    // As in two processes: both have read what is there when both write.
    const bothHaveRead = Promise.withResolvers<void>();
    let readers = 0;
    const store: FileStore = {
      ...files,
      async open(key) {
        const found = await files.open(key);
        readers += 1;
        if (readers === 2) bothHaveRead.resolve();
        await bothHaveRead.promise;
        return found;
      },
    };
    const keepOne = async (kind: 'scheduled' | 'asked') => {
      const draft = join(dataDir, kind);
      clock.advance(DAY);
      const made = await backups().make({ to: { folder: draft }, hasSecrets: false });
      const manifest = { ...made.manifest, kind, files: null };
      return {
        manifest,
        keep: () => storeBackups(store, 'a bucket').keep(join(draft, manifest.name), manifest),
      };
    };
    const [scheduled, asked] = [await keepOne('scheduled'), await keepOne('asked')];
    await Promise.all([scheduled.keep(), asked.keep()]);
    const place = storeBackups(files, 'a bucket');
    expect(await place.list()).toEqual([asked.manifest, scheduled.manifest]);
    await place.remove(scheduled.manifest.name);
    expect(await place.list()).toEqual([asked.manifest]);
  });
});
