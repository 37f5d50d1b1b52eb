import type { Bytes } from '@maque/kit';

/** A body that is no use to us, and what it looks like instead. */
export class UnreadableAnswer extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`the answer is ${found}`);
    this.name = 'UnreadableAnswer';
    this.found = found;
  }
}

/** The bytes of an answer. In a file of its own: the types of answers reach apps that have none of Node's. @throws UnreadableAnswer when they are more than `maxBytes`; the rest is left unread. */
export async function readBounded(response: Response, maxBytes: Bytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new UnreadableAnswer(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
