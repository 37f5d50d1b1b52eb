import { errors, type Upload } from '@maque/contract';
import { type Bytes, type Clock, CodedError, formatBytes } from '@maque/kit';
import type { ByteRange, Database, FileLink, FileStore, JobQueue, OpenFile } from '../../ports/index.ts';
import { FILE_KINDS } from './file-kinds.ts';
import { announceFile, discardFile, orderRemoval } from './file-removal.ts';
import { ToldKind } from './told-kind.ts';
import { newUploadId, uploadAddress, uploadKey } from './upload-address.ts';
import { checkRoom } from './upload-room.ts';
import { deleteUpload, findUpload, insertUpload, type UploadRow, type Usage } from './upload-store.ts';

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

/** Files that users upload. Whoever has the address of one may load it; only its owner may delete it. */
export class UploadService {
  readonly #options: UploadServiceOptions;

  constructor(options: UploadServiceOptions) {
    this.#options = options;
  }

  /**
   * Keeps a file while it arrives. One that is cut off, refused or without room leaves nothing behind.
   * @throws CodedError UPLOAD_QUOTA_EXCEEDED, FILE_KIND_UNSUPPORTED, BODY_TOO_LARGE; and whatever `content` throws.
   */
  async keep(ownerId: string, content: AsyncIterable<Uint8Array>): Promise<Upload> {
    const { database, clock } = this.#options;
    // Asked before anything is read, so that a full account costs nothing; what counts is asked again below.
    await checkRoom(database, { ...this.#options, ownerId, bytes: 1 });
    const id = newUploadId();
    const row: UploadRow = { id, ownerId, ...(await this.#put(id, content)), createdAt: clock.now() };
    try {
      await database.transaction(async (transaction) => {
        await checkRoom(transaction, { ...this.#options, ...row });
        await insertUpload(transaction, row);
      });
    } catch (error) {
      await discardFile(this.#options, id);
      throw error;
    }
    return asUpload(row);
  }

  /** Where a client loads an upload from without us; undefined where it cannot. */
  linkTo(row: UploadRow): FileLink | undefined {
    const { direct } = this.#options.files;
    return direct?.link(uploadKey(row.id), { disposition: dispositionOf(row) });
  }

  /** @throws CodedError NOT_FOUND */
  async find(id: string): Promise<UploadRow> {
    const row = await findUpload(this.#options.database, id);
    if (row === undefined) throw errors.NOT_FOUND();
    return row;
  }

  /** The bytes of an upload, or a part of them, which must be inside. @throws CodedError NOT_FOUND when the file is gone. */
  async open(row: UploadRow, range: ByteRange | undefined): Promise<OpenFile> {
    const opened = await this.#options.files.open(uploadKey(row.id), range);
    if (opened === undefined) throw errors.NOT_FOUND();
    return opened;
  }

  /** Nobody finds it from now on; its file goes soon after. @throws CodedError NOT_FOUND, FORBIDDEN for somebody else's. */
  async delete(userId: string, id: string): Promise<void> {
    const { database, jobs } = this.#options;
    const { ownerId } = await this.find(id);
    if (ownerId !== userId) throw errors.FORBIDDEN();
    await database.transaction(async (transaction) => {
      if (await deleteUpload(transaction, id)) await orderRemoval(jobs, id, transaction);
    });
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

/** An upload as its owner is told of it. */
export function asUpload({ id, type, bytes }: UploadRow): Upload {
  return { id, url: uploadAddress(id), type, size: bytes };
}

/** `inline; filename="….jpg"`: a name of ours, and whether a browser shows it. */
export function dispositionOf({ id, type }: UploadRow): string {
  const extension = FILE_KINDS.find((kind) => kind.type === type)?.extension ?? 'bin';
  // Viewers of PDF do not run in a sandbox, so these are kept as a file.
  const kind = type === 'application/pdf' ? 'attachment' : 'inline';
  return `${kind}; filename="${id}.${extension}"`;
}
