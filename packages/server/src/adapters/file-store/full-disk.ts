import { diskErrors } from '../../ports/disk-errors.ts';

// The disk, or what one user of the machine may have of it, is used up.
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** What an error of the file system is to whoever sends a file; the error itself where it is none of a full disk. */
export function orDiskFull(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return NO_ROOM.has(code) ? diskErrors.DISK_FULL({ cause: error }) : error;
}
