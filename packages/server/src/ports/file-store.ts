import type { Readable } from 'node:stream';
import type { Bytes } from '@maque/kit';

export interface FileFacts {
  readonly bytes: Bytes;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

/** A part of a file: from byte `start` to byte `end`, both included, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenFile {
  readonly facts: FileFacts;
  /** The bytes asked for. Destroy it when they are not read to the end. */
  readonly content: Readable;
}

/** Files by key, streamed in and out, never whole in memory. A key is segments of `[A-Za-z0-9._-]` joined by `/`. */
export interface FileStore {
  /**
   * Keeps a file, replacing one of the same key at once and only when all of it has arrived.
   * @throws CodedError FILE_TOO_LARGE when the content exceeds `maxBytes`, FILE_KEY_INVALID for a key of another shape.
   */
  put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly maxBytes: Bytes },
  ): Promise<FileFacts>;
  /**
   * Opens a file, or a part of it; undefined when there is none.
   * @throws CodedError FILE_RANGE_INVALID when the range is not inside the file.
   */
  open(key: string, range?: ByteRange): Promise<OpenFile | undefined>;
  stat(key: string): Promise<FileFacts | undefined>;
  /** Answers whether there was such a file. */
  delete(key: string): Promise<boolean>;
}
