import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Encoding = 'br' | 'gzip';
type Done = (error: Error | null, payload?: unknown) => void;

/** An Ethernet packet carries 1,460 bytes: an answer that fits in one does not arrive sooner when it is smaller. */
const LEAST_BYTES = 1_400;
/** Up to here compression takes at most 0.4 ms on the spot; handing it to another thread alone costs 0.15 ms. */
const ON_THE_SPOT_BYTES = 128 * 1024;
const COMPRESSIBLE = /^(application\/(json|javascript|manifest\+json)|text\/|image\/svg)/;

// Windows of 64 KiB and 8 KiB: JSON repeats within a few hundred bytes, and small windows need small tables. A page of
// 20 products (3.7 KB) takes 25 µs by either way; with zlib's defaults 50 to 75 µs, and 250 KiB of tables each time.
const BROTLI = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_LGWIN]: 16,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
};
const GZIP = { level: 1, memLevel: 6, windowBits: 13 };

/**
 * Compressed copies of answers that are sent again and again. Whoever sends the same Buffer twice keeps it and never
 * changes it: a cache. A copy lives as long as its original and is a fraction of it, so the cache's bound bounds both.
 */
const copies = new WeakMap<Buffer, Partial<Record<Encoding, Buffer>>>();

/** The step that compresses a large answer, when the client can read it and its kind gains from it. */
export function compressStep(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: Done,
): void {
  const encoding = isLarge(payload) ? agreeOnEncoding(request, reply) : undefined;
  if (encoding === undefined || !isLarge(payload)) done(null, payload);
  else if (payload.length > ON_THE_SPOT_BYTES) compressLater(payload, encoding, done);
  else done(null, typeof payload === 'string' ? compress(payload, encoding) : copyOf(payload, encoding));
}

/** Chooses an encoding and says so in the headers; undefined when the answer goes as it is. */
function agreeOnEncoding(request: FastifyRequest, reply: FastifyReply): Encoding | undefined {
  if (!COMPRESSIBLE.test(String(reply.getHeader('content-type')))) return undefined;
  if (reply.hasHeader('content-encoding')) return undefined;
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? 'accept-encoding' : `${String(others)}, accept-encoding`);
  const encoding = encodingFor(request.headers['accept-encoding']);
  if (encoding === undefined || request.method === 'HEAD') return undefined;
  reply.header('content-encoding', encoding).removeHeader('content-length');
  weakenEtag(reply);
  return encoding;
}

/** What of `br` and `gzip` a client accepts, the better one first (RFC 9110 §12.5.3); undefined for neither. */
export function encodingFor(acceptEncoding: string | undefined): Encoding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const accepted = acceptEncoding.split(',').filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part));
  const accepts = (name: Encoding) => accepted.some((part) => part.split(';', 1)[0]?.trim() === name);
  return accepts('br') ? 'br' : accepts('gzip') ? 'gzip' : undefined;
}

function isLarge(payload: unknown): payload is string | Buffer {
  return (typeof payload === 'string' || Buffer.isBuffer(payload)) && payload.length >= LEAST_BYTES;
}

function compress(payload: string | Buffer, encoding: Encoding): Buffer {
  return encoding === 'br' ? brotliCompressSync(payload, BROTLI) : gzipSync(payload, GZIP);
}

function compressLater(payload: string | Buffer, encoding: Encoding, done: Done): void {
  if (encoding === 'br') brotliCompress(payload, BROTLI, done);
  else gzip(payload, GZIP, done);
}

function copyOf(payload: Buffer, encoding: Encoding): Buffer {
  const known = copies.get(payload) ?? {};
  const copy = known[encoding] ?? compress(payload, encoding);
  copies.set(payload, { ...known, [encoding]: copy });
  return copy;
}

/** The same resource in another encoding is another representation: only a weak tag may stand for both (RFC 9110 §8.8.1). */
function weakenEtag(reply: FastifyReply): void {
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string' && !etag.startsWith('W/')) reply.header('etag', `W/${etag}`);
}
