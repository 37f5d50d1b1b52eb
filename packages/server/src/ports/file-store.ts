import type { Readable } from 'node:stream';
import type { Bytes, Milliseconds } from '@maque/kit';

export interface FileFacts {
  readonly bytes: Bytes;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

export interface ListedFile {
  readonly key: string;
  readonly facts: FileFacts;
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

/**
 * Files by key, streamed in and out, never whole in memory. A key is segments of `[A-Za-z0-9._-]` joined by `/`. Every
 * method throws FILE_KEY_INVALID for a key of another shape, and FILE_STORE_UNAVAILABLE when the store is out of reach.
 */
export interface FileStore {
  /**
   * Keeps a file, replacing one of the same key at once and only when all of it has arrived.
   * @throws CodedError FILE_TOO_LARGE when the content exceeds `maxBytes`, DISK_FULL when this machine has no room for it.
   */
  put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: {
      readonly maxBytes: Bytes;
      /** What the store is to call it where it serves files by itself; asked when all of the content has passed. */
      readonly contentType: () => string;
    },
  ): Promise<FileFacts>;
  /**
   * Opens a file, or a part of it; undefined when there is none.
   * @throws CodedError FILE_RANGE_INVALID when the range is not inside the file.
   */
  open(key: string, range?: ByteRange): Promise<OpenFile | undefined>;
  stat(key: string): Promise<FileFacts | undefined>;
  /** Answers whether there was such a file. */
  delete(key: string): Promise<boolean>;
  /**
   * The files whose keys are below `folder`, in no order. Undefined where that costs money and hours, as in a bucket of
   * millions.
   */
  readonly list: ((folder: string) => AsyncIterable<ListedFile>) | undefined;
  /** Undefined where clients cannot reach the store by themselves, such as this machine's disk. */
  readonly direct: DirectFiles | undefined;
}

/** What a client needs to send one file: multipart/form-data by POST, the fields in their order and then the part `file`. */
export interface FileForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** An address to load a file from. */
export interface FileLink {
  readonly url: string;
  /** How long it may be given to others: it opens for at least as long again. */
  readonly freshMs: Milliseconds;
}

export interface FileLinkOptions {
  /** The header `Content-Disposition` with which the file is to come. */
  readonly disposition: string;
  /** Milliseconds since the epoch: it opens until then and no longer. Its own hour or two unless told. */
  readonly endsAtMs?: number;
  /** Pixels that neither side of the picture is to exceed. For stores that make thumbnails. */
  readonly thumbnailPixels?: number;
}

/** Ways between clients and a store in which no byte of a file passes through this process. */
export interface DirectFiles {
  /** Lets its holder send a file of exactly so many bytes, as what `contentType` says, and again while it lasts. */
  form(
    key: string,
    options: { readonly bytes: Bytes; readonly contentType: string; readonly expiresInMs: Milliseconds },
  ): FileForm;
  /**
   * Copies inside the store, replacing what has the key. The copy is served as `contentType`, whatever its sender said.
   * Answers whether there was a file to copy.
   */
  copy(from: string, to: string, options: { readonly contentType: string }): Promise<boolean>;
  /** The same for everybody who asks within its time, so that caches know the file again. */
  link(key: string, options: FileLinkOptions): FileLink;
  /** Whether links may ask for a smaller picture, which the store makes by itself. */
  readonly makesThumbnails: boolean;
  /**
   * Whether the store tells us of files that came by a form: the key of the one that a report is about, undefined for a
   * report that the store did not send. Look whether it is there: the report may be of somebody else's files. Undefined
   * where the store tells nothing.
   */
  readonly arrivedKey: ((report: ArrivalReport) => Promise<string | undefined>) | undefined;
}

/** A request that says that a file has arrived. */
export interface ArrivalReport {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}
