import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

const INSERT = 'insert into maque_message_keys (messageKey, createdAt) values (?, ?)';
const DELETE_OLD = 'delete from maque_message_keys where createdAt < ?';

/** Remembers that a message of this key is sent; false when one was. */
export function claimMessageKey(
  connection: DatabaseConnection,
  key: string,
  nowMs: number,
): Promise<boolean> {
  return insertUnlessTaken(connection, { sql: INSERT, parameters: [key, nowMs] });
}

export async function forgetMessageKeys(connection: DatabaseConnection, beforeMs: number): Promise<void> {
  await connection.run({ sql: DELETE_OLD, parameters: [beforeMs] });
}
