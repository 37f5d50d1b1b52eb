import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { backupErrors } from './backup-errors.ts';
import { BACKUP_FILES, type BackupManifest, isBackupName, readManifest } from './backup-manifest.ts';
import type { BackupPlace } from './backup-place.ts';
import { syncToDisk } from './sync-to-disk.ts';

/** Backups in a folder, a folder each; it is made when the first one comes. */
export function diskBackups(folder: string): BackupPlace {
  return {
    title: folder,
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter(isBackupName).sort().reverse();
      const manifests = await Promise.all(names.map((name) => manifestIn(folder, name)));
      return manifests.filter((manifest) => manifest !== undefined);
    },
    async keep(draft, { name }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(draft, join(folder, name));
      await syncToDisk(folder);
      await syncToDisk(dirname(folder));
    },
    async fetch(name) {
      const isThere = isBackupName(name) && (await manifestIn(folder, name)) !== undefined;
      if (!isThere) throw backupErrors.BACKUP_UNKNOWN({ data: { name, place: folder } });
      return join(folder, name);
    },
    async remove(name) {
      // Without its manifest it is no backup any more, also when this is cut short.
      await rm(join(folder, name, BACKUP_FILES.manifest), { force: true });
      await rm(join(folder, name), { recursive: true, force: true });
    },
  };
}

async function manifestIn(folder: string, name: string): Promise<BackupManifest | undefined> {
  try {
    return readManifest(await readFile(join(folder, name, BACKUP_FILES.manifest), 'utf8'), name);
  } catch {
    return undefined;
  }
}
