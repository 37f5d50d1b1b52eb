import { HOUR, type Milliseconds } from '@maque/kit';
import type { Database, DatabaseConnection, FileStore, JobQueue } from '../../ports/index.ts';
import { THUMBNAIL_PIXELS, thumbnailKey, uploadKey } from './upload-address.ts';
import { findUpload } from './upload-store.ts';

type Removing = { readonly database: Database; readonly files: FileStore };

const JOB = 'uploads.delete';
/** From when all of a file is here until its row is: seconds, and an hour for 2 GiB on a line of 5 Mbit/s. */
const UNNAMED: Milliseconds = HOUR;
/** About a day of tries, up to 10 min apart: so long a store may be out of reach before an operator hears of each file. */
const MAX_ATTEMPTS = 200;

/** The work of all that is asked for here. */
export function handleRemovals(jobs: JobQueue, removing: Removing): void {
  jobs.handle(JOB, ({ payload }) => deleteUnnamed(removing, String(payload.id)), {
    maxAttempts: MAX_ATTEMPTS,
  });
}

/** To be called before a file is made: it goes, whatever becomes of this process, unless an upload names it in an hour. */
export async function announceFile(jobs: Pick<JobQueue, 'add'>, id: string): Promise<void> {
  await jobs.add({ name: JOB, payload: { id }, delayMs: UNNAMED });
}

/** Deletes a file soon, as part of the transaction that removes its row. */
export async function orderRemoval(
  jobs: Pick<JobQueue, 'add'>,
  id: string,
  transaction: DatabaseConnection,
): Promise<void> {
  await jobs.add({ name: JOB, payload: { id } }, transaction);
}

/** Deletes a file that was announced and is not wanted. Never throws: what cannot be deleted now goes in an hour. */
export async function discardFile(removing: Removing, id: string): Promise<void> {
  await deleteUnnamed(removing, id).catch(() => {});
}

async function deleteUnnamed({ database, files }: Removing, id: string): Promise<void> {
  if ((await findUpload(database, id)) !== undefined) return;
  // What a store makes by itself it does not keep. First of all, so that a try that fails is tried again.
  const kept = files.direct?.makesThumbnails === true ? [] : THUMBNAIL_PIXELS;
  for (const pixels of kept) await files.delete(thumbnailKey(id, pixels));
  await files.delete(uploadKey(id));
}
