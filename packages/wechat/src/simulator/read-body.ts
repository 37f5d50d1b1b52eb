import type { IncomingMessage } from 'node:http';
import { type Bytes, KiB } from '@maque/kit';

// The longest texts that WeChat takes as JSON are some 10 KB.
const MAX_BODY: Bytes = 64 * KiB;

/** The body as text, or null when it is larger than 64 KiB. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  return (await readBytes(request))?.toString('utf8') ?? null;
}

/** The body, or null when it is larger than 64 KiB: the rest is read, so that an answer can be sent, but not kept. */
export async function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY) chunks.push(chunk);
    else chunks = [];
  }
  return bytes <= MAX_BODY ? Buffer.concat(chunks, bytes) : null;
}
