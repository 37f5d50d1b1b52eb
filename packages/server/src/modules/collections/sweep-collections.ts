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
/** Records that may turn out to be in use at one time: where nothing finds who refers to them, each looks through a table. */
export const MAX_IN_USE = 200;

export interface SweepDeps {
  readonly records: Records;
  readonly jobs: Pick<JobQueue, 'every'>;
  readonly clock: Clock;
}

/** Clears away, now and then, what was kept for a time only: softly deleted records and answers behind keys. */
export function sweepCollections({ records, jobs, clock }: SweepDeps): void {
  const places = new Map<RecordModel, DeletedRecord | undefined>();
  jobs.every('collections.sweep', INTERVAL_MS, async (signal) => {
    await sweepKeys(records.database, clock, signal);
    for (const model of records.models) {
      places.set(model, await sweepDeleted(records.database, model, clock, signal, places.get(model)));
    }
  });
}

export async function sweepKeys(database: Database, clock: Clock, signal: AbortSignal): Promise<void> {
  const before = Math.floor(clock.now()) - KEY_LIFE_MS;
  while (!signal.aborted && (await deleteOldKeys(database, before, SLICE)));
}

/**
 * Records that others still refer to stay, hidden as they are, until nobody does. They are tried again and again, so after
 * {@link MAX_IN_USE} of them it is enough for this time.
 * @param place where to go on; at the oldest unless told.
 * @returns where to go on the next time; undefined when all were looked at.
 */
export async function sweepDeleted(
  database: Database,
  model: RecordModel,
  clock: Clock,
  signal: AbortSignal,
  place?: DeletedRecord,
): Promise<DeletedRecord | undefined> {
  const { softDelete } = model.declared;
  if (softDelete === undefined) return undefined;
  const before = Math.floor(clock.now()) - parseDuration(softDelete.keepFor);
  let after = place;
  let inUse = 0;
  for (;;) {
    const found = await deletedRecords(database, model, { before, after, atMost: SLICE });
    for (const record of found) {
      if (signal.aborted) return after;
      if (!(await removeUnlessInUse(database, model, record.id, before))) inUse += 1;
      after = record;
      if (inUse === MAX_IN_USE) return after;
    }
    if (found.length < SLICE) return undefined;
  }
}

/** Answers whether nobody refers to it. */
async function removeUnlessInUse(
  database: Database,
  model: RecordModel,
  id: string,
  before: number,
): Promise<boolean> {
  try {
    await removeDeleted(database, model, id, before);
    return true;
  } catch (error) {
    if (error instanceof BrokenReferenceError) return false;
    throw error;
  }
}
