import { type Milliseconds, SECOND } from '@maque/kit';
import { createCosDialect } from './cos-dialect.ts';
import type { DialectRequest, ObjectDialect } from './object-dialect.ts';
import { type Exchange, type ExchangeRequest, startExchange } from './object-exchange.ts';
import { checkAccount, checkKey } from './object-store-checks.ts';
import { objectStoreErrors } from './object-store-errors.ts';
import type {
  ObjectFacts,
  ObjectRange,
  ObjectStore,
  ObjectStoreAccount,
  ObjectStoreKind,
  ObjectStoreOptions,
} from './object-store-types.ts';
import { createOssDialect } from './oss-dialect.ts';
import { createS3Dialect } from './s3-dialect.ts';
import { errorCodeIn, readText, refusalOf } from './store-refusal.ts';

/** Stores answer in some 50 ms; ours is a server's request, whose client gives up after a minute at the latest. */
const STALL_TIMEOUT: Milliseconds = 20 * SECOND;

const DIALECTS: Readonly<Record<ObjectStoreKind, (account: ObjectStoreAccount) => ObjectDialect>> = {
  cos: createCosDialect,
  oss: createOssDialect,
  s3: createS3Dialect,
};

/**
 * One bucket of Tencent COS, Aliyun OSS or a store that speaks S3. Nothing is sent before a method is called, and no
 * file is ever whole in memory.
 * @throws TypeError when the account is not complete or the endpoint is not an origin.
 */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  checkAccount(options);
  const { kind, bucket, clock, fetch, stallTimeoutMs = STALL_TIMEOUT } = options;
  const dialect = DIALECTS[kind](options);

  async function start(request: DialectRequest, body?: ExchangeRequest['body']): Promise<Exchange> {
    checkKey(request.key);
    const { url, headers } = dialect.signed(request, clock.now());
    const { method } = request;
    return startExchange(
      { method, url, headers, ...(body === undefined ? {} : { body }) },
      { fetch, stallTimeoutMs },
    );
  }

  /** @throws CodedError unless the answer is a success. */
  async function finish(exchange: Exchange): Promise<void> {
    const { response } = exchange;
    const text = await exchange.finish(readText);
    // A copy may fail after its 200 was sent (AWS, "CopyObject": the error is then in the body).
    if (!response.ok || errorCodeIn(text) !== undefined) throw refusalOf(response, text, bucket);
  }

  /** @throws CodedError unless there is an answer to give; false for what is not there. */
  async function finishFound(exchange: Exchange): Promise<boolean> {
    const { response } = exchange;
    if (response.ok) {
      await finish(exchange);
      return true;
    }
    const text = await exchange.finish(readText);
    // An answer to HEAD has no body to tell what is missing.
    if (response.status === 404 && ['NoSuchKey', undefined].includes(errorCodeIn(text))) return false;
    throw refusalOf(response, text, bucket);
  }

  return {
    kind,
    postForm(request) {
      checkKey('key' in request ? request.key : `${request.keyPrefix}x`);
      return dialect.form(request, clock.now());
    },
    async head(key) {
      const exchange = await start({ method: 'HEAD', key, headers: {} });
      return (await finishFound(exchange)) ? factsOf(exchange.response) : undefined;
    },
    async get(key, range) {
      const exchange = await start({ method: 'GET', key, headers: rangeHeader(range) });
      const { response } = exchange;
      if (response.status === (range === undefined ? 200 : 206)) {
        return { facts: factsOf(response), content: exchange.content() };
      }
      if (response.status === 416) {
        await exchange.finish(readText);
        throw objectStoreErrors.STORE_RANGE_INVALID();
      }
      // Such as the whole of it for a part: who asked for some bytes has room for no more.
      if (await finishFound(exchange)) throw refusalOf(response, '', bucket);
      return undefined;
    },
    async put(key, content, bytes, { contentType = 'application/octet-stream' } = {}) {
      const headers = { 'content-type': contentType };
      await finish(await start({ method: 'PUT', key, headers }, { content, bytes }));
    },
    async copy(from, to, { contentType }) {
      checkKey(from);
      const headers = { ...dialect.copying(from), 'content-type': contentType };
      return finishFound(await start({ method: 'PUT', key: to, headers }));
    },
    async delete(key) {
      await finishFound(await start({ method: 'DELETE', key, headers: {} }));
    },
    signedUrl(key, { expiresInMs, query = {}, signedAtMs = clock.now() }) {
      checkKey(key);
      return dialect.link({ key, query, signedAtMs, expiresInMs });
    },
  };
}

function rangeHeader(range: ObjectRange | undefined): Record<string, string> {
  return range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
}

function factsOf({ headers }: Response): ObjectFacts {
  const total = /^bytes \d+-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  return {
    bytes: Number(total ?? headers.get('content-length') ?? 0),
    modifiedAtMs: Date.parse(headers.get('last-modified') ?? '') || 0,
    contentType: headers.get('content-type') ?? 'application/octet-stream',
  };
}
