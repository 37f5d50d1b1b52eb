import { type Bytes, KiB, MiB } from '@maque/kit';

/**
 * What nginx is allowed of each kind of memory. The plan counts with these, and the rendered configuration sets them:
 * so the sum holds by force.
 */
export const NGINX_BUFFERS = {
  /** `proxy_buffer_size`: the head of an answer. Cookies of some frameworks do not fit into the default of 4 KiB. */
  answerHead: 8 * KiB,
  /** `proxy_buffers`: what a slow phone has not taken yet; more than that waits in a file. */
  answerBufferCount: 8,
  answerBuffer: 4 * KiB,
  /** `client_body_buffer_size`: nginx's default; what is larger goes to a file. */
  body: 16 * KiB,
  /** `ssl_buffer_size`: a record of TLS. A phone can read nothing of a record before all of it is there. */
  tlsRecord: 4 * KiB,
  /** One of `large_client_header_buffers`; a token and the headers of a mini-program fit into one. */
  requestHead: 8 * KiB,
  /** The request itself, its variables and its log line: `request_pool_size` and what it grows by. */
  request: 4 * KiB,
  /** `gzip_buffers`, and zlib's window and tables: for answers of programs that do not compress themselves. */
  gzipBufferCount: 4,
  gzipBuffer: 8 * KiB,
  gzipTables: 264 * KiB,
} as const;

// An answer is compressed within milliseconds, unless it is long and its phone slow.
const COMPRESSING_PART = 0.25;

/** One request that is being passed on, with every buffer full. */
export function requestBytes(gzip: boolean): Bytes {
  const { answerHead, answerBufferCount, answerBuffer, body, tlsRecord, requestHead, request } =
    NGINX_BUFFERS;
  const { gzipBufferCount, gzipBuffer, gzipTables } = NGINX_BUFFERS;
  const always = answerHead + answerBufferCount * answerBuffer + body + tlsRecord + requestHead + request;
  return always + (gzip ? COMPRESSING_PART * (gzipBufferCount * gzipBuffer + gzipTables) : 0);
}

/** Memory that all workers share. */
export const NGINX_ZONES = {
  /** `ssl_session_cache`: about 4,000 sessions a MiB (nginx's documentation). */
  sessions: 2 * MiB,
  /** `limit_req_zone`: 8,000 addresses a MiB at 128 bytes each. */
  requestsByAddress: MiB,
  /** `limit_conn_zone`: 16,000 addresses a MiB at 64 bytes each. */
  connectionsByAddress: MiB,
  /** `limit_conn_zone` of all requests together: one entry; smaller than this nginx takes none (eight pages). */
  requestsOfAll: 32 * KiB,
  socketsOfAll: 32 * KiB,
  noticesOfAll: 32 * KiB,
  /** `proxy_cache_path … keys_zone`: about 8,000 answers a MiB. */
  cacheKeys: MiB,
} as const;

export const NGINX_ZONE_BYTES: Bytes = Object.values(NGINX_ZONES).reduce((sum, bytes) => sum + bytes, 0);
