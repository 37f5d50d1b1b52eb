import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { errors } from '@maque/contract';
import type { DatabaseContent } from '../../../ports/database.ts';
import { DamagedDatabaseError } from '../../../ports/database-errors.ts';
import type { DatabaseFiles } from '../../../ports/database-files.ts';
import { isBusy, translateError } from './sqlite-errors.ts';
import { threadFile } from './thread-file.ts';

/** What the thread answers. */
export type Verdict = { readonly content: DatabaseContent } | { readonly reason: string };

/**
 * Reads all of a database file that nobody writes, in a thread: a GiB takes some seconds.
 * @throws DamagedDatabaseError, or the signal's reason.
 */
export async function verifySqlite(path: string, signal?: AbortSignal): Promise<DatabaseContent> {
  signal?.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  const thread = new Worker(threadFile('verify-thread'), {
    workerData: path,
    resourceLimits,
    execArgv: [],
    env: {},
  });
  const verdict = Promise.withResolvers<Verdict>();
  const callOff = () => verdict.reject(signal?.reason);
  signal?.addEventListener('abort', callOff, { once: true });
  thread.once('message', verdict.resolve);
  thread.once('error', verdict.reject);
  thread.once('exit', () => verdict.reject(new Error('the thread that reads a backup ended early')));
  try {
    const told = await verdict.promise;
    if ('reason' in told) throw new DamagedDatabaseError(new Error(told.reason));
    return told.content;
  } finally {
    signal?.removeEventListener('abort', callOff);
    await thread.terminate();
  }
}

/** Writes the log of a database into its file and removes it, which SQLite does only for one who is alone. */
async function settleSqlite(path: string): Promise<void> {
  try {
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec('pragma journal_mode = delete');
    } finally {
      database.close();
    }
  } catch (error) {
    if (isBusy(error)) throw errors.DATABASE_BUSY({ cause: error, retryAfterSeconds: 1 });
    throw translateError(error);
  }
}

export const sqliteFiles: DatabaseFiles = { verify: verifySqlite, settle: settleSqlite };
