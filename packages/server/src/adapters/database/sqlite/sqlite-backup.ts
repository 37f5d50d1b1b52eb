import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Bytes } from '@maque/kit';
import type { BackupOptions, DatabaseContent } from '../../../ports/database.ts';
import { translateError } from './sqlite-errors.ts';
import { verifySqlite } from './verify-sqlite.ts';

// 1 MiB a step: some 2 ms on a thread of libuv's pool, which others wait for too, and a thousand steps a GiB.
const PAGES_A_STEP = 256;

/**
 * Copies the database as it is now to a new file, on threads of libuv's pool, while others read and write. A read
 * transaction stays open all the while: without one SQLite would begin again whenever another connection writes
 * (https://www.sqlite.org/c3ref/backup_finish.html), and under load never end. Meanwhile the write-ahead log cannot be
 * begun anew and grows by what is written. The file gets its name when all of it was checked and is on disk.
 * @throws Error with code EEXIST when there is such a file, DamagedDatabaseError, or the disk's own error.
 */
export async function backupSqlite(
  from: string,
  path: string,
  options: BackupOptions = {},
): Promise<DatabaseContent> {
  await refuseExisting(path);
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  try {
    await copyPages(from, partial, options);
    makeSingleFile(partial);
    const content = await verifySqlite(partial, options.signal);
    await putInPlace(partial, path);
    return content;
  } catch (error) {
    await rm(partial, { force: true });
    throw translateError(error);
  }
}

/** Reading the copy again takes as long as making it: the transaction ends before that. */
async function copyPages(from: string, to: string, { signal, onProgress }: BackupOptions): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    source.exec('begin');
    source.prepare('select 1 from sqlite_schema').get();
    const pageBytes = pageSize(source);
    await backup(source, to, {
      rate: PAGES_A_STEP,
      progress: ({ totalPages, remainingPages }) => {
        signal?.throwIfAborted();
        onProgress?.({
          doneBytes: (totalPages - remainingPages) * pageBytes,
          totalBytes: totalPages * pageBytes,
        });
      },
    });
  } finally {
    source.close();
  }
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing !== undefined) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST', path });
}

function pageSize(source: DatabaseSync): Bytes {
  return Number(source.prepare('pragma page_size').get()?.page_size);
}

/** The copy says of itself that it has a write-ahead log; without one it can be read where nothing can be written. */
function makeSingleFile(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('pragma journal_mode = delete');
  } finally {
    copy.close();
  }
}

/** After a power cut there is the whole file under its name, or none. */
async function putInPlace(partial: string, path: string): Promise<void> {
  const file = await open(partial, 'r+');
  await file.chmod(0o600);
  await file.sync().finally(() => file.close());
  await rename(partial, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
