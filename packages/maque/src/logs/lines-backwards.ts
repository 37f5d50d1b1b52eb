import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Bytes, KiB } from '@maque/kit';

const CHUNK_BYTES: Bytes = 64 * KiB;
const NEWLINE = 10;

/** The lines of a file from its last to its first; none where there is no file. Reads no more than is asked for. */
export function* linesBackwards(path: string): Generator<string> {
  const descriptor = openIfThere(path);
  if (descriptor === undefined) return;
  try {
    let head: Buffer = Buffer.alloc(0);
    for (let position = fstatSync(descriptor).size; position > 0; ) {
      const length = Math.min(CHUNK_BYTES, position);
      position -= length;
      const chunk = Buffer.alloc(length);
      readSync(descriptor, chunk, 0, length, position);
      const bytes = Buffer.concat([chunk, head]);
      const firstEnd = bytes.indexOf(NEWLINE);
      // No line begins in it: it is all one line's.
      if (firstEnd === -1) {
        head = bytes;
        continue;
      }
      const lines = bytes.toString('utf8', firstEnd + 1).split('\n');
      // After the end of the last line, or the rest of a line that was yielded with the chunk before.
      if (lines.at(-1) === '') lines.pop();
      yield* lines.reverse();
      head = bytes.subarray(0, firstEnd + 1);
    }
    if (head.length > 0)
      yield head.toString('utf8', 0, head.at(-1) === NEWLINE ? head.length - 1 : head.length);
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
