import { DAY, type Milliseconds } from '@maque/kit';
import type { DatabaseConnection } from '../../ports/index.ts';

/** WeChat repeats a notification for a day at most; another for clocks and for servers that were off. */
const MEMORY_MS: Milliseconds = 2 * DAY;
const SEEN = 'select delivery from maque_pay_notifications where id = ?';
const INSERT = 'insert into maque_pay_notifications (id, delivery, seenAt) values (?, ?, ?)';
const SWEEP = 'delete from maque_pay_notifications where seenAt < ?';

/**
 * Remembers one delivery of a notification. Answers `new` for the first, `repeated` when WeChat sends it again, and
 * `replayed` when these very headers came before: WeChat signs each of its repetitions anew.
 * @throws DuplicateValueError when the very same delivery is being remembered by another worker at this moment.
 */
export async function rememberDelivery(
  connection: DatabaseConnection,
  id: string,
  delivery: string,
  nowMs: number,
): Promise<'new' | 'repeated' | 'replayed'> {
  const seen = await connection.all<{ delivery: string }>({ sql: SEEN, parameters: [id] });
  if (seen.some((one) => one.delivery === delivery)) return 'replayed';
  await connection.run({ sql: INSERT, parameters: [id, delivery, nowMs] });
  return seen.length === 0 ? 'new' : 'repeated';
}

/** Forgets what WeChat does not repeat any more. */
export async function sweepDeliveries(connection: DatabaseConnection, nowMs: number): Promise<void> {
  await connection.run({ sql: SWEEP, parameters: [nowMs - MEMORY_MS] });
}
