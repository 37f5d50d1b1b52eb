import {
  BrokenReferenceError,
  DamagedDatabaseError,
  DuplicateValueError,
} from '../../../ports/database-errors.ts';
import { diskErrors } from '../../../ports/disk-errors.ts';

// Result codes of https://www.sqlite.org/rescode.html; extended codes carry the primary one in their low byte.
export const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
const SQLITE_CONSTRAINT_FOREIGNKEY = 787;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;
const SQLITE_CONSTRAINT_UNIQUE = 2067;

/** Whether another connection holds the lock that was asked for; nothing has happened, so it may be tried again. */
export function isBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === SQLITE_BUSY;
}

/** Whether an integer was read that a JavaScript number cannot hold. */
export function isIntegerTooLarge(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_OUT_OF_RANGE';
}

/** What an error of SQLite means in the words of the port; the error itself where the port has none. */
export function translateError(error: unknown): unknown {
  const code = resultCode(error);
  const primary = code & 0xff;
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) return new DamagedDatabaseError(error);
  if (primary === SQLITE_FULL) return diskErrors.DISK_FULL({ cause: error });
  if (code === SQLITE_CONSTRAINT_FOREIGNKEY) return new BrokenReferenceError(error);
  if (code !== SQLITE_CONSTRAINT_UNIQUE && code !== SQLITE_CONSTRAINT_PRIMARYKEY) return error;
  // "UNIQUE constraint failed: products.sku": of an index over several columns, all of them.
  const target = /failed: (.*)$/.exec((error as Error).message)?.[1] ?? '';
  return new DuplicateValueError(target, error);
}

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : 0;
}
