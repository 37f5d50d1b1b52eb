import { stat, statfs } from 'node:fs/promises';
import { type Bytes, formatBytes, MiB } from '@maque/kit';
import type { DataFolder } from '../../config/data-folder.ts';
import { backupErrors } from './backup-errors.ts';

// A full disk stops every write: a copy of the database is not worth that.
const SPARE: Bytes = 256 * MiB;

/** @throws CodedError BACKUP_NO_ROOM when a copy of the database would leave too little of the disk of `target`. */
export async function refuseFullDisk(
  { database }: Pick<DataFolder, 'database'>,
  target: string,
): Promise<void> {
  // What is in the log only comes into the copy as well.
  const needed = (await stat(database)).size + (await sizeOf(`${database}-wal`));
  const { bavail, bsize } = await statfs(target);
  const free = bavail * bsize;
  if (free - needed >= SPARE) return;
  throw backupErrors.BACKUP_NO_ROOM({
    data: { needed: formatBytes(needed), free: formatBytes(free), spare: formatBytes(SPARE) },
  });
}

async function sizeOf(path: string): Promise<Bytes> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
