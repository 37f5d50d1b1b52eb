import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Bytes, KiB } from '@maque/kit';

// A sample is 500 bytes; with eight routes and a long name a header is 2 KiB.
const MAX_LINE: Bytes = 64 * KiB;

/** One line of a file; null for one that was too long to be a sample, or a file that breaks off inside its packing. */
export type TraceLine = string | null;

/**
 * The lines of a text file, packed by gzip when its name ends in `.gz`, or of standard input when it is `-`. As a stream:
 * of a file without line breaks no more than one line is held.
 * @throws the system's error when the file cannot be opened or read.
 */
export async function* traceLines(path: string): AsyncGenerator<TraceLine> {
  const text = new PassThrough();
  const file = path === '-' ? process.stdin : createReadStream(path);
  const read = path.endsWith('.gz') ? pipeline(file, createGunzip(), text) : pipeline(file, text);
  // A failure ends `text` too, and is told there.
  const done = read.catch(() => {});
  try {
    yield* split(text);
  } catch (error) {
    if (!isPackingError(error)) throw error;
    yield null;
  } finally {
    file.destroy();
    await done;
  }
}

async function* split(text: AsyncIterable<Buffer>): AsyncGenerator<TraceLine> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  for await (const chunk of text) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (isTooLong || line.length > MAX_LINE) yield null;
      else if (line.trim() !== '') yield line;
      isTooLong = false;
    }
    if (rest.length > MAX_LINE) {
      isTooLong = true;
      rest = '';
    }
  }
  if (isTooLong) yield null;
  else if (rest.trim() !== '') yield rest;
}

function isPackingError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_');
}
