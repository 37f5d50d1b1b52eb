import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

const INSERT = 'insert into maque_message_turns (userId, until) values (?, ?)';
const TAKE_OVER = 'update maque_message_turns set until = ? where userId = ? and until <= ?';
const END = 'delete from maque_message_turns where userId = ? and until = ?';

/** Whether a message may go to this user now: WeChat refuses two at the same moment (43108). */
export async function takeTurn(
  connection: DatabaseConnection,
  userId: string,
  untilMs: number,
  nowMs: number,
): Promise<boolean> {
  if (await insertUnlessTaken(connection, { sql: INSERT, parameters: [userId, untilMs] })) return true;
  // Of a worker that died.
  return (await connection.run({ sql: TAKE_OVER, parameters: [untilMs, userId, nowMs] })).changes > 0;
}

/** Ends the turn that was taken until then, and not that of another who has taken it over. */
export async function endTurn(
  connection: DatabaseConnection,
  userId: string,
  untilMs: number,
): Promise<void> {
  await connection.run({ sql: END, parameters: [userId, untilMs] });
}
