import { errors, type Upload } from '@maque/contract';
import { type Bytes, type Clock, CodedError, formatBytes } from '@maque/kit';
import {
  BrokenReferenceError,
  type Database,
  type DatabaseConnection,
  type FileStore,
  type Identity,
  type JobQueue,
} from '../../ports/index.ts';
import { announceFile, discardFile, orderRemoval } from './file-removal.ts';
import { ToldKind } from './told-kind.ts';
import { newUploadId, uploadAddress, uploadKey } from './upload-address.ts';
import { checkRoom } from './upload-room.ts';
import { deleteUpload, findUpload, insertUpload, type UploadRow, type Usage } from './upload-store.ts';
import { mayManage, type Uploader } from './uploader.ts';

export interface UploadServiceOptions {
  readonly database: Database;
  readonly files: FileStore;
  readonly jobs: Pick<JobQueue, 'add'>;
  /** Of one file. */
  readonly maxBytes: Bytes;
  /** Of one user. */
  readonly quota: Usage;
  readonly clock: Clock;
}

/** Files that are uploaded, by users and by staff. */
export class UploadService {
  readonly #options: UploadServiceOptions;

  constructor(options: UploadServiceOptions) {
    this.#options = options;
  }

  /**
   * Keeps a file while it arrives. One that is cut off, refused or without room leaves nothing behind.
   * @throws CodedError UPLOAD_QUOTA_EXCEEDED, FILE_KIND_UNSUPPORTED, BODY_TOO_LARGE; and whatever `content` throws.
   */
  async keep(
    uploader: Uploader,
    content: AsyncIterable<Uint8Array>,
    { isPrivate }: Pick<UploadRow, 'isPrivate'>,
  ): Promise<Upload> {
    const { database, clock } = this.#options;
    // Asked before anything is read, so that a full account costs nothing; what counts is asked again below.
    await checkRoom(database, { ...this.#options, uploader, bytes: 1 });
    const id = newUploadId();
    const file = await this.#put(id, content);
    const row: UploadRow = { id, ownerId: uploader.id, ...file, isPrivate, createdAt: clock.now() };
    try {
      await database.transaction(async (transaction) => {
        await checkRoom(transaction, { ...this.#options, uploader, bytes: row.bytes });
        await insertUpload(transaction, row);
      });
    } catch (error) {
      await discardFile(this.#options, id);
      throw error;
    }
    return asUpload(row);
  }

  /** @throws CodedError NOT_FOUND */
  async find(id: string): Promise<UploadRow> {
    const row = await findUpload(this.#options.database, id);
    if (row === undefined) throw errors.NOT_FOUND();
    return row;
  }

  /**
   * Nobody finds it from now on; its file goes soon after. For its owner and for staff.
   * @throws CodedError NOT_FOUND, FORBIDDEN for somebody else's, RECORD_IN_USE while a record names it.
   */
  async delete(identity: Identity, id: string): Promise<void> {
    const { database, jobs } = this.#options;
    if (!mayManage(identity, await this.find(id))) throw errors.FORBIDDEN();
    await database.transaction((transaction) => removeUpload(transaction, jobs, id));
  }

  async #put(id: string, content: AsyncIterable<Uint8Array>): Promise<Pick<UploadRow, 'type' | 'bytes'>> {
    const { files, maxBytes } = this.#options;
    const file = new ToldKind(content);
    const contentType = () => file.kind.type;
    try {
      const { bytes } = await files.put(uploadKey(id), this.#announced(id, file), { maxBytes, contentType });
      return { type: contentType(), bytes };
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'FILE_TOO_LARGE') throw error;
      throw errors.BODY_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } });
    }
  }

  /** The same content. Announced with its last byte: the many files that are cut off on their way leave nothing anyway. */
  async *#announced(id: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* content;
    await announceFile(this.#options.jobs, id);
  }
}

/** Removes an upload, and orders the removal of its file with it. @throws CodedError RECORD_IN_USE while a record names it. */
export async function removeUpload(
  transaction: DatabaseConnection,
  jobs: Pick<JobQueue, 'add'>,
  id: string,
): Promise<void> {
  try {
    if (await deleteUpload(transaction, id)) await orderRemoval(jobs, id, transaction);
  } catch (error) {
    throw error instanceof BrokenReferenceError ? errors.RECORD_IN_USE({ cause: error }) : error;
  }
}

/** An upload as its owner is told of it. */
export function asUpload({ id, type, bytes, isPrivate }: UploadRow): Upload {
  return { id, url: uploadAddress(id), type, size: bytes, private: isPrivate };
}
