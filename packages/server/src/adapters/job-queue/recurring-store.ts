import { MINUTE, type Milliseconds } from '@maque/kit';
import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

const FIND = 'select beganAt from maque_recurring_work where name = ?';
const INSERT = 'insert into maque_recurring_work (name, beganAt) values (?, ?)';
const CLAIM = 'update maque_recurring_work set beganAt = ? where name = ? and beganAt = ?';
/** A turn that began further in the future was begun by a clock that was wrong; it must not stop the work for years. */
const MAX_CLOCK_GAP_MS: Milliseconds = MINUTE;

/** Takes the turn of a recurring work if it is due and nobody has; else answers when to look again. */
export async function claimTurn(
  connection: DatabaseConnection,
  { name, intervalMs }: { readonly name: string; readonly intervalMs: Milliseconds },
  nowMs: number,
): Promise<{ readonly isMine: boolean; readonly nextAt: number }> {
  const [row] = await connection.all<{ beganAt: number }>({ sql: FIND, parameters: [name] });
  const nextAt = nowMs + intervalMs;
  if (row === undefined)
    return {
      isMine: await insertUnlessTaken(connection, { sql: INSERT, parameters: [name, nowMs] }),
      nextAt,
    };
  const isDue = row.beganAt + intervalMs <= nowMs || row.beganAt > nowMs + MAX_CLOCK_GAP_MS;
  if (!isDue) return { isMine: false, nextAt: row.beganAt + intervalMs };
  const { changes } = await connection.run({ sql: CLAIM, parameters: [nowMs, name, row.beganAt] });
  return { isMine: changes === 1, nextAt };
}
