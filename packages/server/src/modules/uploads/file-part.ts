import type { IncomingMessage } from 'node:http';
import { finished, type Readable } from 'node:stream';
import type { Busboy, BusboyHeaders, BusboyInstance } from '@fastify/busboy';
import { errors } from '@maque/contract';
import { type Bytes, CodedError, formatBytes, KiB } from '@maque/kit';
import { countPassing } from '../../http/passing-bytes.ts';

/** What a body may hold beside the file: boundaries, headers and a few short fields (`formData` of `wx.uploadFile`). */
const BESIDE_THE_FILE: Bytes = 64 * KiB;
// Fields are not used, so they need not fit; all that comes before the file is bounded by these and by the body's size.
const LIMITS = { files: 1, parts: 32, fieldSize: KiB, headerSize: 8 * KiB, headerPairs: 32 };

/**
 * The bytes of the one file in a `multipart/form-data` body, as they arrive: nothing is kept. What comes after the file
 * is thrown away, and so is the rest of it when the reader stops before its end.
 * @throws CodedError BODY_TOO_LARGE, also in the midst of it; UPLOAD_INVALID for a body of another kind, without a file
 * or cut off.
 */
export async function* filePart(request: IncomingMessage, maxBytes: Bytes): AsyncGenerator<Uint8Array> {
  const maxBodyBytes = maxBytes + BESIDE_THE_FILE;
  const tooLarge = () => errors.BODY_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } });
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  // Loaded by the first upload: a server that never sees one does not pay for it.
  const { Busboy } = await import('@fastify/busboy');
  const parser = createParser(Busboy, request);
  try {
    yield* await arrivingFile(request, parser, { maxBodyBytes, tooLarge });
  } catch (error) {
    // What is neither ours nor of the connection is of the parser, which could not make sense of the body.
    throw error instanceof CodedError || request.errored !== null
      ? error
      : errors.UPLOAD_INVALID({ cause: error });
  } finally {
    request.unpipe(parser);
    request.resume();
  }
}

function createParser(Parser: typeof Busboy, { headers }: IncomingMessage): BusboyInstance {
  if (!/^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')) throw errors.UPLOAD_INVALID();
  try {
    return new Parser({ headers: headers as BusboyHeaders, limits: LIMITS });
  } catch (cause) {
    throw errors.UPLOAD_INVALID({ cause });
  }
}

/** The first file that the parser meets. It breaks off with the reason why its end does not come. */
function arrivingFile(
  request: IncomingMessage,
  parser: BusboyInstance,
  bound: { readonly maxBodyBytes: Bytes; readonly tooLarge: () => Error },
): Promise<Readable> {
  return new Promise((resolve, reject) => {
    let fail: (reason: Error) => void = reject;
    let bodyBytes = 0;
    parser.on('file', (_name, file) => {
      // The parser emits errors on a file by itself too, without ending it.
      file.on('error', () => {});
      fail = (reason) => file.destroy(reason);
      resolve(file);
    });
    parser.on('error', (error: Error) => fail(error));
    parser.on('finish', () => reject(errors.UPLOAD_INVALID()));
    finished(request, (error) => {
      if (error != null) fail(error);
    });
    request.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
      countPassing(chunk.length);
      if (bodyBytes > bound.maxBodyBytes) fail(bound.tooLarge());
    });
    request.pipe(parser);
  });
}
