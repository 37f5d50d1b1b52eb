import type { Readable } from 'node:stream';
import type { Bytes, Clock, Milliseconds } from '@maque/kit';

export type ObjectStoreKind = 'cos' | 'oss' | 's3';

/** A bucket and the key to it. */
export interface ObjectStoreAccount {
  /** For COS with the APPID at its end. */
  readonly bucket: string;
  /** Such as `ap-guangzhou` (COS), `cn-hangzhou` (OSS), `us-east-1` (S3). */
  readonly region: string;
  /**
   * Origin that is asked instead of the store's own, such as `http://127.0.0.1:9000`. For COS and OSS it stands for the
   * bucket, as a domain that is bound to it does; for S3 the bucket follows in the path, as MinIO has it.
   */
  readonly endpoint?: string | undefined;
  readonly keyId: string;
  readonly keySecret: string;
}

export interface ObjectStoreOptions extends ObjectStoreAccount {
  readonly kind: ObjectStoreKind;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** How long the store may be silent, before its answer and in the midst of it; 20 s unless told. */
  readonly stallTimeoutMs?: Milliseconds;
}

export interface ObjectFacts {
  readonly bytes: Bytes;
  /** Milliseconds since the epoch, to the second. */
  readonly modifiedAtMs: number;
  /** As it was given by whoever sent the object; says nothing about its bytes. */
  readonly contentType: string;
}

export interface OpenObject {
  /** Of the whole object, also when a part was asked for. */
  readonly facts: ObjectFacts;
  /** Destroy it when it is not read to the end. Its errors are those of this store. */
  readonly content: Readable;
}

/** From byte `start` to byte `end`, both included, as in HTTP. */
export interface ObjectRange {
  readonly start: number;
  readonly end: number;
}

/** What OSS does when a form has arrived: POSTs `body` to `url` and gives the answer to the sender of the form. */
export interface UploadCallback {
  /** In public; up to five, joined by `;`. */
  readonly url: string;
  /** With `${bucket}`, `${object}`, `${size}`, `${mimeType}`, `${etag}` and `${x:name}` of a variable. */
  readonly body: string;
  readonly bodyType?: 'application/x-www-form-urlencoded' | 'application/json';
  /** Names in lower case that begin with `x:`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What a form lets its holder send, once or several times while it lasts. */
export type PostFormRequest = (
  | { readonly key: string }
  /** The sender's file name follows it. */
  | { readonly keyPrefix: string }
) & {
  /** 1 unless told. */
  readonly minBytes?: Bytes;
  readonly maxBytes: Bytes;
  /** What the object is kept as; anything goes unless told. */
  readonly contentType?: string;
  readonly expiresInMs: Milliseconds;
  /** For OSS only. */
  readonly callback?: UploadCallback;
};

/** To be sent as multipart/form-data: the fields in their order, then the part `file`. */
export interface PostForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface SignedUrlOptions {
  readonly expiresInMs: Milliseconds;
  /**
   * Such as `response-content-disposition`, which all three know; OSS refuses `response-content-type`, so that has to be
   * right where the object is. The empty string is a name without a value.
   */
  readonly query?: Readonly<Record<string, string>>;
  /** When it was signed; now unless told. Two links of the same time are the same, so caches know them again. */
  readonly signedAtMs?: number;
}

/**
 * One bucket. Keys are 1 to 850 bytes of UTF-8 (the least of what the three take) without a slash at the front or a
 * segment of dots. Every method throws `STORE_KEY_INVALID` for others.
 */
export interface ObjectStore {
  readonly kind: ObjectStoreKind;
  /** A form with which somebody who has no key sends an object: no call to the store. */
  postForm(request: PostFormRequest): PostForm;
  /** @throws CodedError of `objectStoreErrors` */
  head(key: string): Promise<ObjectFacts | undefined>;
  /**
   * Of a range that ends after the object, what there is.
   * @throws CodedError of `objectStoreErrors`; STORE_RANGE_INVALID when it begins after the end.
   */
  get(key: string, range?: ObjectRange): Promise<OpenObject | undefined>;
  /**
   * Keeps an object, replacing one of the same key when all of it has arrived.
   * @throws CodedError of `objectStoreErrors`; STORE_CONTENT_WRONG when there are not as many bytes as announced; and
   * whatever `content` throws.
   */
  put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    bytes: Bytes,
    options?: { readonly contentType?: string },
  ): Promise<void>;
  /**
   * Copies inside the bucket, without its bytes coming here: kept as `contentType`, whatever the first one was kept as.
   * Answers whether there was one to copy.
   */
  copy(from: string, to: string, options: { readonly contentType: string }): Promise<boolean>;
  /** One that is not there is fine. */
  delete(key: string): Promise<void>;
  /** An address with which anybody may GET the object for so long: no call to the store. */
  signedUrl(key: string, options: SignedUrlOptions): string;
}
