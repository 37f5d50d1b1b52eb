/** Runs in a thread of its own: carries the write-ahead log over into the database file, whenever it is asked to. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckpointMode, carryOver, type LogState } from './carry-over.ts';

// A commit holds the writers' lock for some ms, and a page of rows a reader's for less. Beyond that somebody reads for
// long (a backup does), and whoever waits for that while holding the lock holds up every writer.
const LOCK_WAIT_MS = 50;

// NORMAL syncs the log before and the file after, which is all that a checkpoint needs; there is next to nothing to
// keep in memory.
const database = new DatabaseSync(workerData, { timeout: LOCK_WAIT_MS });
database.exec('pragma synchronous = normal; pragma cache_size = -64');

parentPort?.on('message', () => {
  carryOver(checkpoint);
  parentPort?.postMessage('done');
});

function checkpoint(mode: CheckpointMode): LogState {
  const { log, checkpointed } = database.prepare(`pragma wal_checkpoint(${mode})`).get() ?? {};
  return { log: Number(log), carried: Number(checkpointed) };
}
