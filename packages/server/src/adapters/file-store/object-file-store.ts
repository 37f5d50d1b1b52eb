import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, CodedError, HOUR, MINUTE, type Milliseconds } from '@maque/kit';
import {
  createObjectStore,
  createOssCallbackVerifier,
  type ObjectFacts,
  type ObjectStore,
  type ObjectStoreAccount,
  type ObjectStoreKind,
} from '@maque/wechat/object-store';
import type { DirectFiles, FileFacts, FileStore } from '../../ports/file-store.ts';
import { fileStoreErrors } from '../../ports/file-store-errors.ts';
import { openArrivingFiles } from './arriving-files.ts';
import { checkRange, isRange, segmentsOf } from './file-key.ts';

export interface ObjectFileStoreOptions extends ObjectStoreAccount {
  readonly kind: ObjectStoreKind;
  /** Files are in `arriving/` below it on their way to the store, which has to know their length before their first byte. */
  readonly folder: string;
  readonly clock: Clock;
  /** Told of what an operator has to see to. */
  readonly attention: (error: CodedError) => void;
  /** Where OSS is to report files that came by a form. */
  readonly callbackUrl?: string | undefined;
  /** Where keys to such reports may come from beside Aliyun's own place: for a simulator. */
  readonly trustedKeyPrefix?: string | undefined;
}

/** A moment's trouble, above all a connection that the store closed while it rested, is over by then. */
const RETRY_AFTER: Milliseconds = 300;
const RETRIED = new Set(['STORE_UNREACHABLE', 'STORE_BUSY']);
/** Links of the same hour are the same. They open for two, so that one given out at its end is good for an hour. */
const LINK_WINDOW: Milliseconds = HOUR;
const LINK_TTL: Milliseconds = 2 * LINK_WINDOW;
/** Nothing else of it is needed: what has arrived is asked of the store. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: OSS's placeholder
const CALLBACK_BODY = 'object=${object}';

/**
 * How a link asks for a picture that neither side of which exceeds so many pixels, turned as its camera was held, and not
 * enlarged: COS by 数据万象 (cloud.tencent.com/document/product/436/44880; `ignore-error` gives the picture itself where it
 * cannot be made smaller), OSS by `x-oss-process` (help.aliyun.com/document_detail/44688.html). S3 has nothing of the kind.
 */
const THUMBNAILS: Readonly<
  Record<ObjectStoreKind, ((pixels: number) => Record<string, string>) | undefined>
> = {
  cos: (pixels) => ({
    [`imageMogr2/auto-orient/thumbnail/${pixels}x${pixels}>/ignore-error/1`]: '',
  }),
  oss: (pixels) => ({
    'x-oss-process': `image/auto-orient,1/resize,m_lfit,w_${pixels},h_${pixels},limit_1`,
  }),
  s3: undefined,
};

/**
 * Keeps files in a bucket of COS, OSS or S3.
 * @throws Error of the file system when the folder cannot be made; TypeError when the account is not complete.
 */
export async function openObjectFileStore(options: ObjectFileStoreOptions): Promise<FileStore> {
  const store = createObjectStore({ ...options, fetch });
  const arriving = await openArrivingFiles(join(options.folder, 'arriving'));

  /** Runs a call once more where that may help. @throws CodedError FILE_STORE_UNAVAILABLE for what is no fault of the caller. */
  async function calling<T>(key: string, call: () => Promise<T>): Promise<T> {
    segmentsOf(key);
    try {
      return await call().catch(async (error: unknown) => {
        if (!(error instanceof CodedError) || !RETRIED.has(error.code)) throw error;
        await sleep(RETRY_AFTER);
        return call();
      });
    } catch (error) {
      throw asOurs(error, options.attention);
    }
  }

  async function statOf(key: string): Promise<FileFacts | undefined> {
    const facts = await calling(key, () => store.head(key));
    return facts === undefined ? undefined : factsOf(facts);
  }

  return {
    async put(key, content, { maxBytes, contentType }) {
      segmentsOf(key);
      return arriving.receive(content, maxBytes, async (path) => {
        const { size } = await stat(path);
        const type = contentType();
        await calling(key, () => store.put(key, bytesOf(path), size, { contentType: type }));
        // It is there: a failure now would leave it behind, since the caller would think that it is not.
        const facts = await statOf(key).catch(() => undefined);
        return facts ?? { bytes: size, modifiedAtMs: options.clock.now() };
      });
    },
    async open(key, range) {
      if (range !== undefined && !isRange(range)) {
        const facts = await statOf(key);
        if (facts !== undefined) checkRange(range, facts.bytes);
        return undefined;
      }
      const opened = await calling(key, () => store.get(key, range)).catch(async (error: unknown) => {
        if (!(error instanceof CodedError) || error.code !== 'STORE_RANGE_INVALID') throw error;
        const bytes = (await statOf(key))?.bytes ?? 0;
        throw fileStoreErrors.FILE_RANGE_INVALID({ data: { bytes } });
      });
      if (opened === undefined) return undefined;
      const { facts, content } = opened;
      if (range !== undefined && range.end >= facts.bytes) {
        // The store gives what there is of it.
        content.destroy();
        checkRange(range, facts.bytes);
      }
      return { facts: factsOf(facts), content: withOurErrors(content, options.attention) };
    },
    stat: statOf,
    async delete(key) {
      // Stores answer the same whether there was one or not.
      const wasThere = (await statOf(key)) !== undefined;
      if (wasThere) await calling(key, () => store.delete(key));
      return wasThere;
    },
    list: undefined,
    direct: directFiles(options, store, {
      copy: async (from, to, kept) => {
        segmentsOf(from);
        return calling(to, () => store.copy(from, to, kept));
      },
    }),
  };
}

function directFiles(
  { kind, clock, callbackUrl, trustedKeyPrefix }: ObjectFileStoreOptions,
  store: ObjectStore,
  { copy }: Pick<DirectFiles, 'copy'>,
): DirectFiles {
  const reportsTo = kind === 'oss' ? callbackUrl : undefined;
  const thumbnail = (pixels: number | undefined) =>
    (pixels === undefined ? undefined : THUMBNAILS[kind]?.(pixels)) ?? {};
  return {
    form(key, { bytes, contentType, expiresInMs }) {
      segmentsOf(key);
      return store.postForm({
        ...{ key, minBytes: bytes, maxBytes: bytes, contentType, expiresInMs },
        ...(reportsTo === undefined ? {} : { callback: { url: reportsTo, body: CALLBACK_BODY } }),
      });
    },
    copy,
    link(key, { disposition, endsAtMs = Number.POSITIVE_INFINITY, thumbnailPixels }) {
      segmentsOf(key);
      const now = clock.now();
      const signedAtMs = now - (now % LINK_WINDOW);
      // What it is has to be right where it is kept: OSS lets no link say it.
      const query = { 'response-content-disposition': disposition, ...thumbnail(thumbnailPixels) };
      const expiresInMs = Math.min(LINK_TTL, endsAtMs - signedAtMs);
      return {
        url: store.signedUrl(key, { expiresInMs, query, signedAtMs }),
        // A minute at least, or an app that opens at the turn of the hour asks twice.
        freshMs: Math.min(Math.max(MINUTE, signedAtMs + LINK_WINDOW - now), endsAtMs - now),
      };
    },
    makesThumbnails: THUMBNAILS[kind] !== undefined,
    arrivedKey: reportsTo === undefined ? undefined : arrivals(reportsTo, { clock, trustedKeyPrefix }),
  };
}

function arrivals(
  callbackUrl: string,
  options: Pick<ObjectFileStoreOptions, 'clock' | 'trustedKeyPrefix'>,
): DirectFiles['arrivedKey'] {
  const verify = createOssCallbackVerifier({ ...options, fetch });
  const { pathname, search } = new URL(callbackUrl);
  return async ({ headers, body }) => {
    // It proves that OSS sent it, not that our bucket is meant: all of its customers' reports have the same key, and they
    // say what they like. So a report is a reason to look into our bucket, and nothing of it is believed.
    // The address as it left OSS: a proxy in front of us may have taken a prefix off.
    const isGenuine = await verify({ method: 'POST', url: pathname + search, headers, body });
    const key = new URLSearchParams(Buffer.from(body).toString('utf8')).get('object');
    return isGenuine ? (key ?? undefined) : undefined;
  };
}

/** The same bytes; when they break off, that is told as by `asOurs`. */
function withOurErrors(content: Readable, attention: (error: CodedError) => void): Readable {
  const ours = new PassThrough();
  content.once('error', (error) => ours.destroy(asOurs(error, attention) as Error));
  // Who stops reading lets go of the store's answer, too.
  ours.once('close', () => content.destroy());
  return content.pipe(ours);
}

/** Opens the file when its first byte is wanted, so that a store out of reach leaves nothing open. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

function factsOf({ bytes, modifiedAtMs }: ObjectFacts): FileFacts {
  return { bytes, modifiedAtMs };
}

/** What a store's error is to the caller of a file: who set the store up is told of it, users are not. */
function asOurs(error: unknown, attention: (error: CodedError) => void): unknown {
  if (!(error instanceof CodedError) || !error.code.startsWith('STORE_')) return error;
  if (error.code === 'STORE_RANGE_INVALID') return error;
  attention(error);
  return fileStoreErrors.FILE_STORE_UNAVAILABLE({ cause: error, retryAfterSeconds: 5 });
}
