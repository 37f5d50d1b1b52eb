import { errors, type Upload } from '@maque/contract';
import { type Bytes, type Clock, CodedError, formatBytes } from '@maque/kit';
import type { ByteRange, Database, FileStore, OpenFile } from '../../ports/index.ts';
import { FILE_KINDS, type FileKind, HEAD_BYTES, kindOf } from './file-kinds.ts';
import { newUploadId, uploadAddress, uploadKey } from './upload-address.ts';
import {
  deleteUpload,
  findUpload,
  insertUpload,
  type UploadRow,
  type Usage,
  usageOf,
} from './upload-store.ts';

export interface UploadServiceOptions {
  readonly database: Database;
  readonly files: FileStore;
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
    const { database, files, clock } = this.#options;
    // Asked before anything is read, so that a full account costs nothing; what counts is asked again below.
    this.#checkRoom(await usageOf(database, ownerId), 1);
    const id = newUploadId();
    const key = uploadKey(id);
    const file = new ToldKind(content);
    const { bytes } = await this.#put(key, file);
    const row: UploadRow = { id, ownerId, type: file.kind.type, bytes, createdAt: clock.now() };
    try {
      await database.transaction(async (transaction) => {
        this.#checkRoom(await usageOf(transaction, ownerId), bytes);
        await insertUpload(transaction, row);
      });
    } catch (error) {
      await files.delete(key);
      throw error;
    }
    return { id, url: uploadAddress(id), type: row.type, size: bytes };
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

  /** @throws CodedError NOT_FOUND, FORBIDDEN for somebody else's. */
  async delete(userId: string, id: string): Promise<void> {
    const { database, files } = this.#options;
    const { ownerId } = await this.find(id);
    if (ownerId !== userId) throw errors.FORBIDDEN();
    // The row first: without it nobody finds the file, whatever becomes of this process.
    await deleteUpload(database, id);
    await files.delete(uploadKey(id));
  }

  async #put(key: string, content: AsyncIterable<Uint8Array>) {
    const { files, maxBytes } = this.#options;
    try {
      return await files.put(key, content, { maxBytes });
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'FILE_TOO_LARGE') throw error;
      throw errors.BODY_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } });
    }
  }

  #checkRoom(usage: Usage, moreBytes: Bytes): void {
    const { quota } = this.#options;
    if (usage.files < quota.files && usage.bytes + moreBytes <= quota.bytes) return;
    throw errors.UPLOAD_QUOTA_EXCEEDED({ data: { files: quota.files, bytes: formatBytes(quota.bytes) } });
  }
}

/** Content whose kind is told by its first bytes on the way through. */
class ToldKind implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array>;
  #kind: FileKind | undefined;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  /** Once all of it has passed. */
  get kind(): FileKind {
    return this.#kind ?? refuseKind();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let head: Buffer | undefined = Buffer.alloc(0);
    for await (const chunk of this.#content) {
      if (head === undefined) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      this.#kind = kindOf(head) ?? refuseKind();
      yield head;
      head = undefined;
    }
    // Shorter than any file of a kind that is taken.
    if (head !== undefined) refuseKind();
  }
}

function refuseKind(): never {
  const kinds = FILE_KINDS.map(({ extension }) => extension).join(', ');
  throw errors.FILE_KIND_UNSUPPORTED({ data: { kinds } });
}
