import { writeFileSync } from 'node:fs';
import type { Clock } from '@maque/kit';
import type { DataFolder } from './config/data-folder.ts';
import { configuredStore } from './config/object-store-account.ts';
import type { ServerSettings } from './config/settings-table.ts';
import { currentRequest } from './http/request-context.ts';
import type { Attention } from './logging/attention.ts';
import type { Database, DatabaseFiles, FileStore, SlowStatement } from './ports/index.ts';

// What keeps data, as the settings choose it: for `compose.ts`, and for commands that work without a server.

export interface StoreOptions {
  readonly settings: ServerSettings;
  readonly folder: DataFolder;
  readonly attention: Attention;
  readonly clock: Clock;
}

export interface DatabaseOptions extends StoreOptions {
  readonly onSlow?: (statement: SlowStatement) => void;
}

/** @throws whatever `openSqliteDatabase` does. */
export async function openDatabase({
  settings,
  folder,
  attention,
  onSlow,
  clock,
}: DatabaseOptions): Promise<Database> {
  const { openSqliteDatabase } = await import('./adapters/database/sqlite/sqlite-database.ts');
  makeDatabaseFile(folder.database);
  return openSqliteDatabase({
    path: folder.database,
    cacheBytes: settings.sqliteCache,
    synchronous: settings.sqliteSynchronous,
    onDiskFault: attention,
    onSlow,
    accountOf: currentRequest,
    clock,
  });
}

/** SQLite would make it readable for everybody; its other files get the mode of this one. */
function makeDatabaseFile(path: string): void {
  try {
    // One that is there must not even be opened: closing it would end all locks that this process has on it
    // (https://www.sqlite.org/howtocorrupt.html, 2.2).
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

export async function loadDatabaseFiles(): Promise<DatabaseFiles> {
  return (await import('./adapters/database/sqlite/verify-sqlite.ts')).sqliteFiles;
}

export async function openFileStore({
  settings,
  folder,
  attention,
  clock,
}: StoreOptions): Promise<FileStore> {
  const bucket = configuredStore(settings);
  if (bucket === undefined) {
    const { openDiskFileStore } = await import('./adapters/file-store/disk-file-store.ts');
    return openDiskFileStore(folder.files);
  }
  const { openObjectFileStore } = await import('./adapters/file-store/object-file-store.ts');
  return openObjectFileStore({ ...bucket, folder: folder.files, clock, attention });
}
