import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '@maque/kit';
import type { DataFolder } from '../../config/data-folder.ts';
import { DamagedDatabaseError, type DatabaseContent, type DatabaseFiles } from '../../ports/index.ts';
import { backupErrors } from './backup-errors.ts';
import { BACKUP_FILES, type BackupManifest, newBackupName, readManifest } from './backup-manifest.ts';
import { copyTree, treeSize } from './copy-tree.ts';
import { fileDigest } from './file-digest.ts';
import { syncToDisk } from './sync-to-disk.ts';

// What renaming answers for the folder of a volume, and for a file that is on another one.
const MOUNTED = new Set(['EBUSY', 'EXDEV']);

/** What a backup was found to be: all of it was read. */
export interface CheckedBackup {
  readonly name: string;
  /** The file of the database. */
  readonly database: string;
  readonly content: DatabaseContent;
  /** The folder of uploaded files; undefined where there is none in it. */
  readonly uploads: string | undefined;
  readonly secrets: string | undefined;
}

export interface RestoredBackup {
  /** Where the data is now that was there before; null when there was none. */
  readonly before: string | null;
}

/**
 * Reads all of a backup, and compares it with what it says of itself.
 * @param path the folder of a backup, or a lone file that `Database.backup` wrote, as migrations do.
 * @throws CodedError BACKUP_DAMAGED, BACKUP_UNKNOWN when there is nothing of the kind.
 */
export async function checkBackup(path: string, files: DatabaseFiles): Promise<CheckedBackup> {
  const found = await stat(path).catch(() => undefined);
  const name = basename(path);
  if (found?.isFile() === true) {
    await refuseLog(path, name);
    const content = await verified(path, name, files);
    return { name, database: path, content, uploads: undefined, secrets: undefined };
  }
  const text = await readFile(join(path, BACKUP_FILES.manifest), 'utf8').catch(() => undefined);
  if (text === undefined) throw backupErrors.BACKUP_UNKNOWN({ data: { name, place: dirname(path) } });
  const manifest = readManifest(text, name);
  const database = join(path, BACKUP_FILES.database);
  await compareDigest(database, name, manifest.database.sha256);
  const content = await verified(database, name, files);
  for (const { name: table, rows } of content.tables) {
    const told = manifest.database.rows[table];
    if (told !== rows) throw damaged(name, `${table}: ${rows} rows, ${told ?? 'none'} expected`);
  }
  const uploads = manifest.files === null ? undefined : join(path, BACKUP_FILES.uploads);
  if (uploads !== undefined) await compareFiles(uploads, name, manifest.files);
  return {
    name,
    database,
    content,
    uploads,
    secrets: manifest.hasSecrets ? join(path, BACKUP_FILES.secrets) : undefined,
  };
}

/**
 * Puts a backup in the place of the data that is there, which is kept in a folder beside it. While it is under way a
 * server refuses to start; when it is cut short it can be run again, and when a step fails all is as before.
 * @throws CodedError RESTORE_IN_USE while a process has the database open, RESTORE_MOUNTED where a disk of its own is in
 * the way, or the disk's own error.
 */
export async function restoreBackup(
  backup: CheckedBackup,
  folder: DataFolder,
  files: DatabaseFiles,
  clock: Clock,
): Promise<RestoredBackup> {
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await settleDatabase(folder.database, files);
  const stamp = newBackupName(clock.now());
  // Always the same: what an earlier one left that was cut short goes.
  const fresh = join(folder.path, 'restoring-now');
  await rm(fresh, { recursive: true, force: true });
  const before = join(folder.path, `before-restore-${stamp}`);
  await mkdir(fresh, { mode: 0o700 });
  try {
    const pieces = await layOut(backup, folder, fresh);
    const wasCutShort = await markUnfinished(folder, backup.name, files);
    const wasThere = await exchange(pieces, before).catch(async (error: unknown) => {
      // All is where it was, so a server may start, unless the one before had begun.
      if (!wasCutShort && !(error instanceof AggregateError)) await rm(folder.restoring);
      throw error;
    });
    await syncToDisk(folder.path);
    await rm(folder.restoring);
    return { before: wasThere ? before : null };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * Keeps servers from starting, and makes sure that none has while the backup was laid out, which takes long. Answers
 * whether a restore before this one was cut short.
 */
async function markUnfinished(folder: DataFolder, name: string, files: DatabaseFiles): Promise<boolean> {
  const wasCutShort = (await stat(folder.restoring).catch(() => undefined)) !== undefined;
  await writeFile(folder.restoring, `${name}\n`, { mode: 0o600 });
  try {
    await syncToDisk(folder.path);
    await settleDatabase(folder.database, files);
  } catch (error) {
    // Nothing was moved yet, unless by the one before.
    if (!wasCutShort) await rm(folder.restoring);
    throw error;
  }
  return wasCutShort;
}

/** One file or folder of the data folder, and what comes in its place. */
interface Piece {
  readonly at: string;
  readonly fresh: string | undefined;
}

/** Copies what is restored into the data folder's own file system, so that putting it in place is renaming. */
async function layOut(backup: CheckedBackup, folder: DataFolder, fresh: string): Promise<readonly Piece[]> {
  const database = join(fresh, 'database');
  await copyFile(backup.database, database);
  await syncToDisk(database);
  // A log of the old database would be taken for one of the new.
  const pieces: Piece[] = [
    { at: `${folder.database}-wal`, fresh: undefined },
    { at: `${folder.database}-shm`, fresh: undefined },
    { at: folder.database, fresh: database },
  ];
  if (backup.uploads !== undefined) {
    const uploads = join(fresh, 'uploads');
    await copyTree(backup.uploads, join(uploads, 'files'));
    pieces.push({ at: folder.files, fresh: uploads });
  }
  if (backup.secrets !== undefined) {
    const secrets = join(fresh, 'secrets');
    await copyFile(backup.secrets, secrets);
    await syncToDisk(secrets);
    pieces.push({ at: folder.secrets, fresh: secrets });
  }
  return pieces;
}

/**
 * Answers whether anything was there before.
 * @throws the error of a step, after which all is where it was; AggregateError when it could not be put back.
 */
async function exchange(pieces: readonly Piece[], before: string): Promise<boolean> {
  const moved: { readonly from: string; readonly to: string }[] = [];
  const move = async (from: string, to: string) => {
    await rename(from, to).catch((error: NodeJS.ErrnoException) => {
      throw MOUNTED.has(error.code ?? '')
        ? backupErrors.RESTORE_MOUNTED({ data: { path: from }, cause: error })
        : error;
    });
    moved.push({ from, to });
  };
  let wasThere = false;
  await mkdir(before, { mode: 0o700 });
  try {
    for (const { at, fresh } of pieces) {
      const isThere = (await stat(at).catch(() => undefined)) !== undefined;
      if (isThere) await move(at, join(before, basename(at)));
      if (fresh !== undefined) await move(fresh, at);
      wasThere ||= isThere;
    }
  } catch (error) {
    try {
      for (const { from, to } of moved.toReversed()) await rename(to, from);
      await rm(before, { recursive: true });
    } catch (fault) {
      throw new AggregateError([error, fault], `the data is in part in ${before}`);
    }
    throw error;
  }
  if (wasThere) await syncToDisk(before);
  else await rm(before, { recursive: true });
  return wasThere;
}

/** What is damaged is moved as it is. */
async function settleDatabase(path: string, files: DatabaseFiles): Promise<void> {
  const isThere = (await stat(path).catch(() => undefined)) !== undefined;
  if (!isThere) return;
  try {
    await files.settle(path);
  } catch (error) {
    if (error instanceof DamagedDatabaseError) return;
    if ((error as { code?: string }).code !== 'DATABASE_BUSY') throw error;
    throw backupErrors.RESTORE_IN_USE({ data: { path }, cause: error });
  }
}

/** A file from a data folder whose server was killed: what is in the log only would be left behind. */
async function refuseLog(path: string, name: string): Promise<void> {
  const log = await stat(`${path}-wal`).catch(() => undefined);
  if (log === undefined || log.size === 0) return;
  throw damaged(name, `its latest writes are in ${name}-wal beside it; maque backup of that folder has both`);
}

async function verified(path: string, name: string, files: DatabaseFiles): Promise<DatabaseContent> {
  try {
    return await files.verify(path);
  } catch (error) {
    if (!(error instanceof DamagedDatabaseError)) throw error;
    throw damaged(name, error.cause instanceof Error ? error.cause.message : error.message, error);
  }
}

async function compareDigest(path: string, name: string, sha256: string): Promise<void> {
  const digest = await fileDigest(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw damaged(name, `${basename(path)} is not there`, error);
  });
  if (digest !== sha256) throw damaged(name, `${basename(path)} has the SHA-256 ${digest}, not ${sha256}`);
}

async function compareFiles(path: string, name: string, told: BackupManifest['files']): Promise<void> {
  const { count, bytes } = await treeSize(path);
  if (count === told?.count && bytes === told.bytes) return;
  throw damaged(name, `${count} files of ${bytes} bytes, ${told?.count} of ${told?.bytes} expected`);
}

function damaged(name: string, reason: string, cause?: unknown): Error {
  return backupErrors.BACKUP_DAMAGED({ data: { name, reason }, cause });
}
