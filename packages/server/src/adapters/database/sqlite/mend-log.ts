import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type Bytes, MiB } from '@maque/kit';
import type { LogSync } from './log-sync.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { SQLITE_BUSY } from './sqlite-errors.ts';

export interface BrokenLog {
  readonly path: string;
  readonly writer: SqliteConnection;
  readonly log: LogSync;
  /** Tries again while another process holds a lock. */
  readonly patiently: <T>(attempt: () => T) => Promise<T>;
}

/** A log has 24 MiB at most, or 64 where there is no thread to carry it over. */
const PIECE: Bytes = MiB;

/**
 * Brings a log to the disk of which the disk has lost a part, carries it over into the file and begins it anew. First its
 * bytes are written over themselves: what failed to be written counts as written, and no sync would try it again. Without
 * that a power cut during the checkpoint would leave half of it in the file, and a log that ends at its hole to repeat.
 * @throws CodedError DISK_UNSAFE, DATABASE_BUSY when somebody reads for long; Error of the disk or of SQLite.
 */
export async function mendLog({ path, writer, log, patiently }: BrokenLog): Promise<void> {
  await patiently(() => whileNobodyWrites(writer, () => writeAgain(path)));
  await log.flushed();
  await patiently(() => beginAnew(writer));
  // SQLite does not wait for this: until it is on disk, the old frames may come back.
  await log.flushed();
}

function whileNobodyWrites(writer: SqliteConnection, work: () => void): void {
  writer.exec('begin immediate');
  try {
    work();
  } finally {
    writer.exec('rollback');
  }
}

function writeAgain(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    for (let at = 0; ; ) {
      const bytes = readSync(file, piece, 0, PIECE, at);
      if (bytes === 0) return;
      at += writeSync(file, piece, 0, bytes, at);
    }
  } finally {
    closeSync(file);
  }
}

/** Syncs the file, and cuts the log: https://www.sqlite.org/pragma.html#pragma_wal_checkpoint */
function beginAnew(writer: SqliteConnection): void {
  const [[isHindered] = [0]] = writer.arrays('pragma wal_checkpoint(truncate)', []);
  if (isHindered !== 0) throw Object.assign(new Error('the log is being read'), { errcode: SQLITE_BUSY });
}
