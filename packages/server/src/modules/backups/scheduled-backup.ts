import { mkdir } from 'node:fs/promises';
import type { Bytes } from '@maque/kit';
import type { BackupPlace } from './backup-place.ts';
import { diskBackups } from './disk-backups.ts';
import { makeBackup } from './make-backup.ts';
import type { ScheduleParts } from './schedule-backups.ts';
import { storeBackups, storeTitle } from './store-backups.ts';

export interface ScheduledBackup {
  readonly name: string;
  readonly bytes: Bytes;
  /** The names of those that are gone. */
  readonly removed: readonly string[];
}

/** One turn: a new backup, and then the oldest of those made by schedule go. */
export async function makeScheduledBackup(
  parts: ScheduleParts,
  signal: AbortSignal,
): Promise<ScheduledBackup> {
  const { settings, folder, files } = parts;
  const isOnDisk = settings.backupTo === 'disk';
  const place = isOnDisk ? diskBackups(folder.backups) : storeBackups(files, storeTitle(settings));
  await mkdir(folder.backups, { recursive: true, mode: 0o700 });
  const manifest = await makeBackup(
    { ...parts, hasFiles: settings.fileStore === 'disk' },
    {
      ...{ kind: 'scheduled', place, signal, workshop: folder.backups },
      hasSecrets: isOnDisk || settings.backupSecrets,
    },
  );
  const removed = await removeOldest(place, settings.backupKeep);
  return { name: manifest.name, bytes: manifest.database.bytes, removed };
}

/** Answers the names of those that are gone. */
async function removeOldest(place: BackupPlace, keep: number): Promise<readonly string[]> {
  const scheduled = (await place.list()).filter(({ kind }) => kind === 'scheduled');
  const old = scheduled.slice(keep).map(({ name }) => name);
  for (const name of old) await place.remove(name);
  return old;
}
