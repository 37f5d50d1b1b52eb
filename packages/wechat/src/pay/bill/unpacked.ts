import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

// What every gzip file begins with (RFC 1952, 2.3.1).
const GZIP = Buffer.of(0x1f, 0x8b);

/** Bytes as they are, or unpacked when they are packed: they say it themselves, whatever was asked for. */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    let head = Buffer.alloc(0);
    while (head.length < GZIP.length) {
      const next = await iterator.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    const all = withHead(head, { [Symbol.asyncIterator]: () => iterator });
    const packed = head.subarray(0, GZIP.length).equals(GZIP);
    // Whichever end gives up first, the other is closed too; an error comes out of the loop that reads.
    yield* packed ? pipeline(all, createGunzip(), () => undefined) : all;
  } finally {
    await iterator.return?.();
  }
}

async function* withHead(head: Buffer, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}
