import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, GiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  backups,
  clock,
  dataDir,
  files,
  folder,
  order,
  orderIds,
  putFile,
  restore,
  settingsOf,
  textOf,
} from '../../../testing/backed-up-server.ts';
import { dataFolderAt } from '../../config/data-folder.ts';
import { openBackups } from '../../open-backups.ts';
import type { FileStore } from '../../ports/index.ts';
import { backupBeforeChange } from '../schema/backup-before-change.ts';
import { storeBackups } from './store-backups.ts';

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
