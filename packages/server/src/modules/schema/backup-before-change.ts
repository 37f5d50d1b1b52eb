import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@maque/kit';
import type { Database } from '../../ports/database.ts';
import { startErrors } from '../records/records-errors.ts';

export interface BackupParts {
  readonly database: Pick<Database, 'backup'>;
  /** The folder of backups; it is made when it is missing. */
  readonly folder: string;
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
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '');
  // Several workers may start at once, each with a copy of its own.
  const path = join(folder, `before-change-${stamp}-${randomBytes(3).toString('hex')}.db`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await database.backup(path);
    const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
    for (const name of names.slice(0, -KEPT)) await rm(join(folder, name), { force: true });
    return path;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw startErrors.SCHEMA_BACKUP_FAILED({ data: { path, reason }, cause: error });
  }
}
