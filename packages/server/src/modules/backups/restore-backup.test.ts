import { copyFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  backups,
  clock,
  database,
  dataDir,
  folder,
  open,
  order,
  orderIds,
  textOf,
} from '../../../testing/backed-up-server.ts';
import { mountDisk } from '../../../testing/mounted-disk.ts';
import { sqliteFiles } from '../../adapters/database/sqlite/verify-sqlite.ts';
import { prepareDataFolder } from '../../config/data-folder.ts';
import type { DatabaseFiles } from '../../ports/index.ts';
import { restoreBackup } from './restore-backup.ts';

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
