import { setImmediate } from 'node:timers/promises';
import { type Clock, CodedError, DAY, type Milliseconds } from '@maque/kit';
import type { Database, FileStore, JobQueue, ListedFile } from '../../ports/index.ts';
import type { RecordModel } from '../records/record-model.ts';
import {
  dropNamedByFields,
  dropNamedByTexts,
  type FileColumn,
  fileColumnsOf,
  type TextColumns,
  textColumnsOf,
} from './named-files.ts';
import { THUMBNAIL_FOLDER, UPLOAD_FOLDER, uploadIdIn } from './upload-address.ts';
import { removeUpload } from './upload-service.ts';
import { findUploads, oldUploads, type UploadPlace } from './upload-store.ts';

/** What was uploaded and then named by nothing, or not yet: a form that somebody fills in takes no longer. */
const UNNAMED_FOR: Milliseconds = DAY;
/**
 * A file that no upload is about is one of a database that was lost, or put back to how it was some days ago: until then it
 * may be put right again. Older ones than this were there when the backup was made.
 */
const STRAY_FOR: Milliseconds = 30 * DAY;
/** Uploads asked about at once: each is a parameter of a query on each field. */
const SLICE = 500;
/** Ids that are held while all texts are read once for them: 1 MiB. */
const MAX_HELD = 5_000;

/** Pictures of people are no field of any collection. */
const PROFILES: TextColumns = { table: 'maque_users', columns: ['avatarUrl'] };

export interface OrphanSweepOptions {
  readonly database: Database;
  readonly files: FileStore;
  readonly models: readonly RecordModel[];
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly clock: Clock;
}

/** Removes uploads that nothing names, and files that no upload is about. */
export class OrphanSweep {
  readonly #options: OrphanSweepOptions;
  readonly #fileColumns: readonly FileColumn[];
  readonly #texts: readonly TextColumns[];

  constructor(options: OrphanSweepOptions) {
    this.#options = options;
    this.#fileColumns = fileColumnsOf(options.models);
    this.#texts = [PROFILES, ...textColumnsOf(options.models)];
  }

  /**
   * Removes uploads of more than a day ago that no file field, no profile and no text names. Only where the app declares
   * file fields: any other keeps ids wherever it likes.
   */
  async removeUnnamed(signal: AbortSignal): Promise<void> {
    if (this.#fileColumns.length === 0) return;
    const { database, clock } = this.#options;
    const before = clock.now() - UNNAMED_FOR;
    let unnamed = new Set<string>();
    let after: UploadPlace | undefined;
    do {
      const rows = await oldUploads(database, { before, after, limit: SLICE });
      const ids = new Set(rows.map(({ id }) => id));
      await dropNamedByFields(database, this.#fileColumns, ids);
      for (const id of ids) unnamed.add(id);
      after = rows.length < SLICE ? undefined : rows.at(-1);
      if (after === undefined || unnamed.size + SLICE > MAX_HELD) {
        await this.#removeUnlessInTexts(unnamed, signal);
        unnamed = new Set();
      }
      await pause(signal);
    } while (after !== undefined);
  }

  /** Removes files of more than a month ago that no upload is about. Where the store cannot list them they stay. */
  async removeStray(signal: AbortSignal): Promise<void> {
    const { list } = this.#options.files;
    if (list === undefined) return;
    for (const folder of [UPLOAD_FOLDER, THUMBNAIL_FOLDER]) {
      let held: ListedFile[] = [];
      for await (const file of list(folder)) {
        held.push(file);
        if (held.length < SLICE) continue;
        await this.#removeUnlessUploads(held);
        held = [];
        await pause(signal);
      }
      await this.#removeUnlessUploads(held);
    }
  }

  async #removeUnlessInTexts(ids: Set<string>, signal: AbortSignal): Promise<void> {
    const { database, jobs } = this.#options;
    await dropNamedByTexts(database, this.#texts, ids, () => pause(signal));
    for (const id of ids) {
      signal.throwIfAborted();
      // A record may have come to name it meanwhile.
      await database.transaction((inside) => removeUpload(inside, jobs, id)).catch(unlessInUse);
    }
  }

  async #removeUnlessUploads(found: readonly ListedFile[]): Promise<void> {
    const { database, files, clock } = this.#options;
    const old = found.filter(({ facts }) => facts.modifiedAtMs < clock.now() - STRAY_FOR);
    const ids = [...new Set(old.map(({ key }) => uploadIdIn(key)))].filter((id) => id !== undefined);
    const known = new Set((await findUploads(database, ids)).map(({ id }) => id));
    for (const { key } of old) {
      const id = uploadIdIn(key);
      // What has no name of ours somebody else has put there.
      if (id !== undefined && !known.has(id)) await files.delete(key);
    }
  }
}

/** Lets others have their turn. @throws the signal's reason when it is over. */
async function pause(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await setImmediate();
}

function unlessInUse(error: unknown): void {
  if (!(error instanceof CodedError) || error.code !== 'RECORD_IN_USE') throw error;
}
