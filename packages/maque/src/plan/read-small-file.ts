import { closeSync, openSync, readSync } from 'node:fs';
import { type Bytes, KiB } from '@maque/kit';

const READ_AT_ONCE: Bytes = 64 * KiB;

/**
 * The text of a file, a pipe or a device; undefined where there is more of it than that, however much more.
 * @throws the error of the system where it cannot be read.
 */
export function readSmallFile(path: string, mostBytes: Bytes): string | undefined {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(READ_AT_ONCE);
      const bytesRead = readSync(file, chunk);
      if (bytesRead === 0) return Buffer.concat(chunks).toString();
      chunks.push(chunk.subarray(0, bytesRead));
      length += bytesRead;
      if (length > mostBytes) return undefined;
    }
  } finally {
    closeSync(file);
  }
}
