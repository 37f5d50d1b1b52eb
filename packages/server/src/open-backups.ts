import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, systemClock } from '@maque/kit';
import { storeProblems } from './config/check-store.ts';
import { type DataFolder, dataFolderAt } from './config/data-folder.ts';
import type { ServerSettings } from './config/settings-table.ts';
import { backupErrors } from './modules/backups/backup-errors.ts';
import type { BackupManifest } from './modules/backups/backup-manifest.ts';
import { isBackupName } from './modules/backups/backup-manifest.ts';
import type { BackupPlace } from './modules/backups/backup-place.ts';
import { diskBackups } from './modules/backups/disk-backups.ts';
import { makeBackup } from './modules/backups/make-backup.ts';
import {
  type CheckedBackup,
  checkBackup,
  type RestoredBackup,
  restoreBackup,
} from './modules/backups/restore-backup.ts';
import { storeBackups, storeTitle } from './modules/backups/store-backups.ts';
import { loadDatabaseFiles, openDatabase, openFileStore } from './open-stores.ts';
import type { BackupProgress } from './ports/index.ts';

export type { BackupManifest, BackupProgress, CheckedBackup, RestoredBackup };

/** The folder of this disk, or the bucket of the app's files. */
export type BackupTarget = 'disk' | 'store' | { readonly folder: string };

export interface Backups {
  /**
   * Backs up the data folder, whether a server runs on it or not.
   * @throws CodedError BACKUP_NOTHING, BACKUP_NO_ROOM, BACKUP_NO_STORE, or what a disk or a store says.
   */
  make(request: {
    readonly to: BackupTarget;
    readonly hasSecrets: boolean;
    readonly onProgress?: (progress: BackupProgress) => void;
  }): Promise<{ readonly manifest: BackupManifest; readonly place: string }>;
  list(
    target: BackupTarget,
  ): Promise<{ readonly place: string; readonly backups: readonly BackupManifest[] }>;
  /**
   * Reads all of a backup: by its name, or by the path of its folder or of a file of a database.
   * @throws CodedError BACKUP_UNKNOWN, BACKUP_DAMAGED, BACKUP_NO_STORE.
   */
  check(backup: string, from: BackupTarget): Promise<CheckedBackup>;
  /** Puts a checked one in the place of what is there. @throws CodedError RESTORE_IN_USE. */
  restore(backup: CheckedBackup): Promise<RestoredBackup>;
}

/** What commands do with backups. `settings.dataDir` must be absolute. */
export function openBackups(settings: ServerSettings, clock: Clock = systemClock): Backups {
  const folder = dataFolderAt(settings.dataDir);
  const stores = { settings, folder, clock, attention: () => {} };
  const placeOf = async (target: BackupTarget): Promise<BackupPlace> => {
    if (target === 'disk') return diskBackups(folder.backups);
    if (target !== 'store') return diskBackups(resolve(target.folder));
    if (settings.fileStore === 'disk') throw backupErrors.BACKUP_NO_STORE();
    const [problem] = storeProblems(settings);
    if (problem !== undefined) throw problem;
    return storeBackups(await openFileStore(stores), storeTitle(settings));
  };
  return {
    async make({ to, ...request }) {
      if (!existsSync(folder.database))
        throw backupErrors.BACKUP_NOTHING({ data: { path: folder.database } });
      const place = await placeOf(to);
      const workshop = prepareWorkshop(to, folder);
      const database = await openDatabase(stores);
      try {
        const source = { database, folder, clock, hasFiles: settings.fileStore === 'disk' };
        const manifest = await makeBackup(source, { ...request, kind: 'asked', place, workshop });
        return { manifest, place: place.title };
      } finally {
        await database.close();
      }
    },
    async list(target) {
      const place = await placeOf(target);
      return { place: place.title, backups: await place.list() };
    },
    async check(backup, from) {
      const files = await loadDatabaseFiles();
      if (!isBackupName(backup)) return checkBackup(resolve(backup), files);
      // What was loaded from a store stays, as a backup on this disk.
      const target = join(prepareWorkshop('disk', folder), backup);
      const path =
        from === 'store' && existsSync(target) ? target : (await placeOf(from)).fetch(backup, target);
      return checkBackup(await path, files);
    },
    async restore(backup) {
      return restoreBackup(backup, folder, await loadDatabaseFiles(), clock);
    },
  };
}

/** In the file system of where it goes, so that it gets there by renaming. */
function prepareWorkshop(target: BackupTarget, folder: DataFolder): string {
  const path = typeof target === 'string' ? folder.backups : resolve(target.folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
