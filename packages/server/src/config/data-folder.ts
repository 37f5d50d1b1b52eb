import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bootErrors } from './boot-errors.ts';

/** Where things are inside a data folder. */
export interface DataFolder {
  readonly path: string;
  /** The environment whose data this is. */
  readonly environment: string;
  readonly database: string;
  readonly files: string;
  readonly logs: string;
  readonly secrets: string;
  readonly adminLink: string;
  /** What is usual for the app's memory, version by version. */
  readonly memoryBaseline: string;
  /** Reports on suspected leaks. */
  readonly leakReports: string;
  readonly backups: string;
  /** There while a backup is put in the place of the data. */
  readonly restoring: string;
}

/** The places inside a data folder; touches nothing. */
export function dataFolderAt(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  return {
    path,
    environment: join(path, 'environment'),
    database: join(path, 'maque.db'),
    files: join(path, 'files'),
    logs: join(path, 'logs'),
    secrets: join(path, 'secrets.json'),
    adminLink: join(path, 'admin-link.json'),
    memoryBaseline: join(path, 'memory-baseline.json'),
    leakReports: join(path, 'leak-reports'),
    backups: join(path, 'backups'),
    restoring: join(path, 'restoring'),
  };
}

/**
 * Makes the data folder where it is missing, readable by its owner only, and proves by a file that it can be written.
 * @throws CodedError DATA_DIR_NOT_A_FOLDER, DATA_DIR_NOT_WRITABLE, or RESTORE_UNFINISHED when it holds half of a backup.
 */
export function prepareDataFolder(dataDir: string): DataFolder {
  const folder = dataFolderAt(dataDir);
  if (existsSync(folder.restoring)) throw bootErrors.RESTORE_UNFINISHED({ data: { path: folder.path } });
  // The name is this process's own: several workers prepare the folder at once.
  const probe = join(folder.path, `.write-probe-${process.pid}`);
  try {
    makeFolder(folder.path);
    makeFolder(folder.logs);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw folderError(folder.path, error as NodeJS.ErrnoException);
  }
  return folder;
}

/**
 * Keeps environments apart: a folder that one of them has used is refused to every other.
 * @throws CodedError DATA_DIR_OF_OTHER_ENVIRONMENT.
 */
export function claimDataFolder(folder: DataFolder, environment: string): void {
  try {
    writeFileSync(folder.environment, `${environment}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw folderError(folder.path, error as Error);
    const owner = readFileSync(folder.environment, 'utf8').trim();
    if (owner !== environment) {
      throw bootErrors.DATA_DIR_OF_OTHER_ENVIRONMENT({ data: { path: folder.path, owner, environment } });
    }
  }
}

/** Not `mkdir` with `recursive`: on a file system that refuses (/proc answers ENOENT) Node 26 tries for ever. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    makeFolder(path);
  }
}

function folderError(path: string, error: NodeJS.ErrnoException): Error {
  const isOtherThing = statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  if (error.code === 'EEXIST' || isOtherThing) return bootErrors.DATA_DIR_NOT_A_FOLDER({ data: { path } });
  const reason = error.code ?? error.message;
  return bootErrors.DATA_DIR_NOT_WRITABLE({ data: { path, reason }, cause: error });
}
