import type { DatabaseConnection, Statement } from './database.ts';
import { DuplicateValueError } from './database-errors.ts';

/** Inserts a row; answers false when one of its key is there already, whoever was faster. */
export async function insertUnlessTaken(
  connection: Pick<DatabaseConnection, 'run'>,
  insert: Statement,
): Promise<boolean> {
  try {
    await connection.run(insert);
    return true;
  } catch (error) {
    if (error instanceof DuplicateValueError) return false;
    throw error;
  }
}
