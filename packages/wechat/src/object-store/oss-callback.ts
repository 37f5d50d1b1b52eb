import { verify } from 'node:crypto';
import { type Bytes, type Clock, DAY, KiB, MINUTE, type Milliseconds, RecentMap, SECOND } from '@maque/kit';

/** A callback as it arrived. */
export interface OssCallback {
  readonly method: string;
  /** Path and query as in the request line, percent-encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface OssCallbackVerifierOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Where keys may come from beside Aliyun's own place: for a simulator. */
  readonly trustedKeyPrefix?: string | undefined;
}

/** Whether a callback comes from OSS. Never throws: what cannot be verified is not from there. */
export type OssCallbackVerifier = (callback: OssCallback) => Promise<boolean>;

const KEY_PREFIXES = ['https://gosspublic.alicdn.com/', 'http://gosspublic.alicdn.com/'];
/** There is one key today (`callback_pub_key_v1.pem`). */
const MAX_KEYS = 8;
const MAX_FETCHES = 4;
const KEY_TTL: Milliseconds = DAY;
/** Of an address that gave no key: callers can name any below the prefix, and shall not make us ask for it each time. */
const MISS_TTL: Milliseconds = MINUTE;
/** OSS waits 5 s for our answer. */
const FETCH_TIMEOUT: Milliseconds = 3 * SECOND;
const MAX_PEM: Bytes = 8 * KiB;

/** Verifies callbacks of OSS: RSA with MD5, by a key that OSS names and that is fetched once. */
export function createOssCallbackVerifier(options: OssCallbackVerifierOptions): OssCallbackVerifier {
  const keys = new PublicKeys(options);
  return async ({ method, url, headers, body }) => {
    const signature = headers.authorization;
    const keyUrl = decodeKeyUrl(headers['x-oss-pub-key-url'], options.trustedKeyPrefix);
    if (method !== 'POST' || typeof signature !== 'string' || keyUrl === undefined) return false;
    const signed = signedText(url, body);
    const pem = signed === undefined ? null : await keys.get(keyUrl);
    if (signed === undefined || pem === null) return false;
    try {
      return verify('RSA-MD5', signed, pem, Buffer.from(signature, 'base64'));
    } catch {
      // Not a key, or not one for RSA.
      return false;
    }
  };
}

function decodeKeyUrl(header: unknown, trustedPrefix: string | undefined): string | undefined {
  if (typeof header !== 'string' || header.length > KiB) return undefined;
  const url = Buffer.from(header, 'base64').toString('utf8');
  if (trustedPrefix !== undefined && url.startsWith(trustedPrefix)) return url;
  if (!KEY_PREFIXES.some((prefix) => url.startsWith(prefix))) return undefined;
  // Who can change what comes over plain HTTP can sign callbacks; the same key is there over TLS.
  return url.replace(/^http:/, 'https:');
}

/** `urldecode(path) + query + "\n" + body` */
function signedText(url: string, body: Uint8Array): Buffer | undefined {
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
  try {
    return Buffer.concat([Buffer.from(`${decodeURIComponent(path)}${query}\n`), body]);
  } catch {
    return undefined;
  }
}

class PublicKeys {
  readonly #options: OssCallbackVerifierOptions;
  readonly #known = new RecentMap<string, { pem: string; until: number }>(MAX_KEYS);
  /** Until when nobody asks again. Apart, since callers who name many do not make us forget the key that there is. */
  readonly #missed = new RecentMap<string, number>(MAX_KEYS);
  readonly #pending = new Map<string, Promise<string | null>>();

  constructor(options: OssCallbackVerifierOptions) {
    this.#options = options;
  }

  async get(url: string): Promise<string | null> {
    const now = this.#options.clock.monotonic();
    const known = this.#known.get(url);
    if (known !== undefined && known.until > now) return known.pem;
    if ((this.#missed.get(url) ?? now) > now) return null;
    const pending = this.#pending.get(url);
    if (pending !== undefined) return pending;
    if (this.#pending.size >= MAX_FETCHES) return null;
    const fetching = this.#load(url).finally(() => this.#pending.delete(url));
    this.#pending.set(url, fetching);
    return fetching;
  }

  async #load(url: string): Promise<string | null> {
    const pem = await this.#fetch(url);
    const now = this.#options.clock.monotonic();
    if (pem === null) this.#missed.set(url, now + MISS_TTL);
    else this.#known.set(url, { pem, until: now + KEY_TTL });
    return pem;
  }

  async #fetch(url: string): Promise<string | null> {
    try {
      const signal = AbortSignal.timeout(FETCH_TIMEOUT);
      const response = await this.#options.fetch(url, { redirect: 'error', signal });
      let pem = '';
      for await (const chunk of response.body ?? []) {
        pem += Buffer.from(chunk as Uint8Array).toString('latin1');
        if (pem.length > MAX_PEM) return null;
      }
      return response.ok && pem.includes('-----BEGIN PUBLIC KEY-----') ? pem : null;
    } catch {
      return null;
    }
  }
}
