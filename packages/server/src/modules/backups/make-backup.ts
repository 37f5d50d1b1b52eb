import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@maque/kit';
import type { DataFolder } from '../../config/data-folder.ts';
import type { BackupProgress, Database } from '../../ports/index.ts';
import { BACKUP_FILES, type BackupManifest, newBackupName } from './backup-manifest.ts';
import type { BackupPlace } from './backup-place.ts';
import { copyTree, type TreeSize } from './copy-tree.ts';
import { fileDigest } from './file-digest.ts';
import { refuseFullDisk } from './refuse-full-disk.ts';
import { removeAbandoned } from './remove-abandoned.ts';
import { syncToDisk } from './sync-to-disk.ts';

export interface BackupSource {
  readonly database: Database;
  readonly folder: DataFolder;
  /** Whether uploaded files are on this disk, and not in a bucket. */
  readonly hasFiles: boolean;
  readonly clock: Clock;
}

export interface BackupRequest {
  readonly kind: BackupManifest['kind'];
  readonly place: BackupPlace;
  /** An existing folder of this disk, where the backup is made before it goes to its place. */
  readonly workshop: string;
  readonly hasSecrets: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BackupProgress) => void;
}

/**
 * Makes a backup while the service goes on: first the database as of one moment, then the files that it knows, so that
 * what is missing was deleted meanwhile.
 * @throws CodedError BACKUP_NO_ROOM, DamagedDatabaseError, or the error of a disk or a store; nothing is left behind.
 */
export async function makeBackup(source: BackupSource, request: BackupRequest): Promise<BackupManifest> {
  const name = newBackupName(source.clock.now());
  const draft = join(request.workshop, `${name}.partial`);
  await removeAbandoned(request.workshop, source.clock.now());
  await refuseFullDisk(source.folder, request.workshop);
  await mkdir(draft, { mode: 0o700 });
  try {
    const manifest = await fillDraft(source, request, draft, name);
    await request.place.keep(draft, manifest);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function fillDraft(
  { database, folder, hasFiles }: BackupSource,
  { kind, hasSecrets, signal, onProgress }: BackupRequest,
  draft: string,
  name: string,
): Promise<BackupManifest> {
  const copy = join(draft, BACKUP_FILES.database);
  const { tables } = await database.backup(copy, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  const files = hasFiles ? await copyUploads(folder, draft, signal) : null;
  if (hasSecrets) await copySecrets(folder, draft);
  const manifest: BackupManifest = {
    format: 1,
    name,
    kind,
    database: {
      bytes: (await stat(copy)).size,
      sha256: await fileDigest(copy, signal),
      rows: Object.fromEntries(tables.map((table) => [table.name, table.rows])),
    },
    files,
    hasSecrets,
  };
  const manifestFile = join(draft, BACKUP_FILES.manifest);
  await writeFile(manifestFile, `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
  await syncToDisk(manifestFile);
  await syncToDisk(draft);
  return manifest;
}

async function copyUploads(folder: DataFolder, draft: string, signal?: AbortSignal): Promise<TreeSize> {
  const target = join(draft, BACKUP_FILES.uploads);
  // What is still on its way, beside `files`, belongs to nobody yet.
  const uploads = join(folder.files, 'files');
  const isThere = (await stat(uploads).catch(() => undefined))?.isDirectory() === true;
  if (isThere) return copyTree(uploads, target, signal);
  await mkdir(target, { mode: 0o700 });
  return { count: 0, bytes: 0 };
}

async function copySecrets(folder: DataFolder, draft: string): Promise<void> {
  const target = join(draft, BACKUP_FILES.secrets);
  await copyFile(folder.secrets, target);
  await syncToDisk(target);
}
