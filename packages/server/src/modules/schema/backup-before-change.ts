import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@maque/kit';
import type { DataFolder } from '../../config/data-folder.ts';
import type { Database } from '../../ports/database.ts';
import { refuseFullDisk } from '../backups/refuse-full-disk.ts';
import { startErrors } from '../records/records-errors.ts';

export interface BackupParts {
  readonly database: Pick<Database, 'backup'>;
  /** Its folder of backups is made when it is missing. */
  readonly folder: Pick<DataFolder, 'database' | 'backups'>;
  readonly clock: Clock;
}

// Each is as large as the database; nobody goes back further than some changes.
const KEPT = 5;
const NAME = /^before-change-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-[0-9a-f]{6}\.db$/;

/**
 * Copies the database before its tables change, to a file that `maque restore` takes; the oldest such copies go.
 * Answers the path. @throws CodedError SCHEMA_BACKUP_FAILED.
 */
export async function backupBeforeChange({ database, folder, clock }: BackupParts): Promise<string> {
  const { backups } = folder;
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '');
  // Several workers may start at once, each with a copy of its own.
  const path = join(backups, `before-change-${stamp}-${randomBytes(3).toString('hex')}.db`);
  try {
    await mkdir(backups, { recursive: true, mode: 0o700 });
    await refuseFullDisk(folder, backups);
    await database.backup(path);
    const names = (await readdir(backups)).filter((name) => NAME.test(name)).sort();
    for (const name of names.slice(0, -KEPT)) await rm(join(backups, name), { force: true });
    return path;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw startErrors.SCHEMA_BACKUP_FAILED({ data: { path, reason }, cause: error });
  }
}
