import type { DatabaseConnection } from '../../ports/index.ts';

export interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly uniqueKey: string | null;
  /** JSON. */
  readonly payload: string;
  /** Tries that have begun. */
  readonly attempts: number;
  readonly createdAt: number;
}

/** Enough of a job to decide whether to take it. */
export interface UpcomingJob {
  readonly id: string;
  readonly attempts: number;
  readonly dueAt: number;
}

export interface JobCounts {
  readonly jobs: number;
  readonly running: number;
  /** When the one that has waited for longest came due; null when none is. */
  readonly oldestDueAt: number | null;
}

const INSERT =
  'insert into maque_jobs (id, name, uniqueKey, payload, attempts, leaseId, dueAt, createdAt) values (?, ?, ?, ?, ?, null, ?, ?)';
const UPCOMING = 'select id, attempts, dueAt from maque_jobs where name = ? order by dueAt limit ?';
const FIND = 'select id, name, uniqueKey, payload, attempts, createdAt from maque_jobs where id = ?';
// A running job is not due before its lease ends, so of all who try only the first finds it as they saw it.
const CLAIM =
  'update maque_jobs set leaseId = ?, dueAt = ?, attempts = attempts + 1 where id = ? and attempts = ? and dueAt <= ?';
const COMPLETE = 'delete from maque_jobs where id = ? and leaseId = ?';
const GIVE_BACK =
  'update maque_jobs set leaseId = null, dueAt = ?, attempts = ? where id = ? and leaseId = ?';
const COUNT = 'select count(*) as jobs from maque_jobs';
const COUNTS = `select count(*) as jobs,
  coalesce(sum(case when leaseId is not null and dueAt > ? then 1 else 0 end), 0) as running,
  min(case when dueAt <= ? then dueAt end) as oldestDueAt from maque_jobs`;

export async function insertJob(connection: DatabaseConnection, row: JobRow, dueAt: number): Promise<void> {
  const parameters = [row.id, row.name, row.uniqueKey, row.payload, row.attempts, dueAt, row.createdAt];
  await connection.run({ sql: INSERT, parameters });
}

/** The next of a name, running ones included: these are due when their lease ends. */
export function upcomingJobs(
  connection: DatabaseConnection,
  name: string,
  limit: number,
): Promise<UpcomingJob[]> {
  return connection.all<UpcomingJob>({ sql: UPCOMING, parameters: [name, limit] });
}

/** Takes a job that is due, if nobody has; answers it as it is now, its new try counted. */
export async function claimJob(
  connection: DatabaseConnection,
  { id, attempts }: UpcomingJob,
  lease: { readonly id: string; readonly endsAt: number },
  nowMs: number,
): Promise<JobRow | undefined> {
  const parameters = [lease.id, lease.endsAt, id, attempts, nowMs];
  const { changes } = await connection.run({ sql: CLAIM, parameters });
  return changes === 0 ? undefined : (await connection.all<JobRow>({ sql: FIND, parameters: [id] }))[0];
}

/** Answers false when the lease was lost. */
export async function completeJob(
  connection: DatabaseConnection,
  id: string,
  leaseId: string,
): Promise<boolean> {
  return (await connection.run({ sql: COMPLETE, parameters: [id, leaseId] })).changes > 0;
}

/** Lets others take the job from `dueAt` on, with so many tries counted. Answers false when the lease was lost. */
export async function giveJobBack(
  connection: DatabaseConnection,
  id: string,
  leaseId: string,
  { dueAt, attempts }: { readonly dueAt: number; readonly attempts: number },
): Promise<boolean> {
  return (await connection.run({ sql: GIVE_BACK, parameters: [dueAt, attempts, id, leaseId] })).changes > 0;
}

export async function countJobs(connection: DatabaseConnection): Promise<number> {
  return (await connection.all<{ jobs: number }>({ sql: COUNT, parameters: [] }))[0]?.jobs ?? 0;
}

export async function jobCounts(connection: DatabaseConnection, nowMs: number): Promise<JobCounts> {
  const [counts] = await connection.all<JobCounts>({ sql: COUNTS, parameters: [nowMs, nowMs] });
  return counts ?? { jobs: 0, running: 0, oldestDueAt: null };
}
