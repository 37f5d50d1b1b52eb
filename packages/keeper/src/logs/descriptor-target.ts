import { write, writeSync } from 'node:fs';
import type { Milliseconds } from '@maque/kit';
import type { LineTarget } from './line-buffer.ts';

// A pipe whose reader is slow answers EAGAIN; ten milliseconds let it read a page.
const RETRY_MS: Milliseconds = 10;

/** Standard output as a target of log lines. Rotation is the business of whoever reads it. */
export const standardOutput: LineTarget = {
  write: (text, done) => writeAll(1, Buffer.from(text), done),
  writeSync(text) {
    const bytes = Buffer.from(text);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(1, bytes, offset);
  },
  close() {},
};

/**
 * Writes all bytes to a descriptor off the event loop. Node's own `process.stderr` writes to pipes and terminals
 * synchronously: a reader that stops (Ctrl-S, a full pipe) would stop the whole process.
 */
export function writeAll(
  descriptor: number,
  bytes: Uint8Array,
  done: (error: Error | null) => void,
  offset = 0,
): void {
  write(descriptor, bytes, offset, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(writeAll, RETRY_MS, descriptor, bytes, done, offset);
    else if (error !== null || offset + written >= bytes.length) done(error);
    else writeAll(descriptor, bytes, done, offset + written);
  });
}
