import { type Clock, HOUR, type Milliseconds, parseDuration } from '@maque/kit';
import type { Database } from '../../ports/database.ts';
import { BrokenReferenceError } from '../../ports/database-errors.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { DeletedRecord } from '../records/deleted-records.ts';
import { deletedRecords, removeDeleted } from '../records/deleted-records.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { KEY_LIFE_MS } from './idempotency-keys.ts';
import { deleteOldKeys } from './idempotency-store.ts';

/** What is kept for days need not go to the minute. */
const INTERVAL_MS: Milliseconds = HOUR;
// Rows of one write: some 5 ms, in which no other write is done.
const SLICE = 200;

export interface SweepDeps {
  readonly records: Records;
  readonly jobs: Pick<JobQueue, 'every'>;
  readonly clock: Clock;
}

/** Clears away, now and then, what was kept for a time only: softly deleted records and answers behind keys. */
export function sweepCollections({ records, jobs, clock }: SweepDeps): void {
  jobs.every('collections.sweep', INTERVAL_MS, async (signal) => {
    await sweepKeys(records.database, clock, signal);
    for (const model of records.models) await sweepDeleted(records.database, model, clock, signal);
  });
}

export async function sweepKeys(database: Database, clock: Clock, signal: AbortSignal): Promise<void> {
  const before = Math.floor(clock.now()) - KEY_LIFE_MS;
  while (!signal.aborted && (await deleteOldKeys(database, before, SLICE)));
}

/** Records that others still refer to stay, hidden as they are, until nobody does. */
export async function sweepDeleted(
  database: Database,
  model: RecordModel,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { softDelete } = model.declared;
  if (softDelete === undefined) return;
  const before = Math.floor(clock.now()) - parseDuration(softDelete.keepFor);
  let after: DeletedRecord | undefined;
  do {
    const found = await deletedRecords(database, model, { before, after, atMost: SLICE });
    for (const { id } of found) {
      if (signal.aborted) return;
      await removeDeleted(database, model, id, before).catch(unlessInUse);
    }
    after = found.length < SLICE ? undefined : found.at(-1);
  } while (after !== undefined);
}

function unlessInUse(error: unknown): void {
  if (!(error instanceof BrokenReferenceError)) throw error;
}
