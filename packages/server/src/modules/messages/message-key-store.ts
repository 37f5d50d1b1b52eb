import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

const INSERT = 'insert into maque_message_keys (messageKey, createdAt) values (?, ?)';
const FIND = 'select messageKey from maque_message_keys where messageKey = ?';
const DELETE = 'delete from maque_message_keys where messageKey = ?';
const DELETE_OLD = 'delete from maque_message_keys where createdAt < ?';

/** Remembers that a message of this key is sent; false when one was. */
export function claimMessageKey(
  connection: DatabaseConnection,
  key: string,
  nowMs: number,
): Promise<boolean> {
  return insertUnlessTaken(connection, { sql: INSERT, parameters: [key, nowMs] });
}

/** Whether a message of this key is on its way, or was sent. */
export async function isMessageKeyKnown(connection: DatabaseConnection, key: string): Promise<boolean> {
  return (await connection.all({ sql: FIND, parameters: [key] })).length > 0;
}

export async function releaseMessageKey(connection: DatabaseConnection, key: string): Promise<void> {
  await connection.run({ sql: DELETE, parameters: [key] });
}

export async function forgetMessageKeys(connection: DatabaseConnection, beforeMs: number): Promise<void> {
  await connection.run({ sql: DELETE_OLD, parameters: [beforeMs] });
}
