import type { DatabaseConnection } from '../../ports/index.ts';
import type { JobRow } from './job-store.ts';

export interface DeadJobRow extends JobRow {
  readonly diedAt: number;
  readonly reason: string;
}

const COLUMNS = 'id, name, uniqueKey, payload, attempts, createdAt, diedAt, reason';
const INSERT = `insert into maque_dead_jobs (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)`;
const NEWEST = `select ${COLUMNS} from maque_dead_jobs order by diedAt desc limit ?`;
const OLDEST = 'select id from maque_dead_jobs order by diedAt limit ?';
const FIND = `select ${COLUMNS} from maque_dead_jobs where id = ?`;
const DELETE = 'delete from maque_dead_jobs where id = ?';
const COUNT = 'select count(*) as dead from maque_dead_jobs';
/** Of the column; the beginning of an error says what it is. */
const MAX_REASON = 500;

export async function insertDeadJob(connection: DatabaseConnection, row: DeadJobRow): Promise<void> {
  const { id, name, uniqueKey, payload, attempts, createdAt, diedAt, reason } = row;
  const parameters = [id, name, uniqueKey, payload, attempts, createdAt, diedAt, reason.slice(0, MAX_REASON)];
  await connection.run({ sql: INSERT, parameters });
}

export function newestDeadJobs(connection: DatabaseConnection, limit: number): Promise<DeadJobRow[]> {
  return connection.all<DeadJobRow>({ sql: NEWEST, parameters: [limit] });
}

export async function findDeadJob(
  connection: DatabaseConnection,
  id: string,
): Promise<DeadJobRow | undefined> {
  return (await connection.all<DeadJobRow>({ sql: FIND, parameters: [id] }))[0];
}

/** Answers whether it was there. */
export async function deleteDeadJob(connection: DatabaseConnection, id: string): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id] })).changes > 0;
}

export async function countDeadJobs(connection: DatabaseConnection): Promise<number> {
  return (await connection.all<{ dead: number }>({ sql: COUNT, parameters: [] }))[0]?.dead ?? 0;
}

/** Drops the oldest beyond `max`; answers how many. */
export async function trimDeadJobs(connection: DatabaseConnection, max: number): Promise<number> {
  const excess = (await countDeadJobs(connection)) - max;
  if (excess <= 0) return 0;
  const oldest = await connection.all<{ id: string }>({ sql: OLDEST, parameters: [excess] });
  for (const { id } of oldest) await deleteDeadJob(connection, id);
  return oldest.length;
}
