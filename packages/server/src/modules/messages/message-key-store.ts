import { type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';

const INSERT = 'insert into maque_message_keys (messageKey, createdAt) values (?, ?)';
const DELETE_OLD = 'delete from maque_message_keys where createdAt < ?';

/** Remembers that a message of this key is sent; false when one was. */
export async function claimMessageKey(
  connection: DatabaseConnection,
  key: string,
  nowMs: number,
): Promise<boolean> {
  try {
    await connection.run({ sql: INSERT, parameters: [key, nowMs] });
    return true;
  } catch (error) {
    if (error instanceof DuplicateValueError) return false;
    throw error;
  }
}

export async function forgetMessageKeys(connection: DatabaseConnection, beforeMs: number): Promise<void> {
  await connection.run({ sql: DELETE_OLD, parameters: [beforeMs] });
}
