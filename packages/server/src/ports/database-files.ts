import type { DatabaseContent } from './database.ts';

/** What can be done to a file that `Database.backup` wrote, and to the file of a database that nobody has open. */
export interface DatabaseFiles {
  /**
   * Reads all of a file, on a thread of its own.
   * @throws DamagedDatabaseError when anything in it is not as it was written.
   */
  verify(path: string, signal?: AbortSignal): Promise<DatabaseContent>;
  /**
   * Makes of an existing database one file, so that it can be moved.
   * @throws CodedError DATABASE_BUSY while any process has it open, DamagedDatabaseError.
   */
  settle(path: string): Promise<void>;
}
