import { write, writeSync } from 'node:fs';
import type { LineTarget } from './line-buffer.ts';

const STDOUT = 1;
// A pipe whose reader is slow answers EAGAIN; ten milliseconds let it read a page.
const RETRY_MS = 10;

/** Standard output as a target of log lines. Rotation is the business of whoever reads it. */
export const standardOutput: LineTarget = {
  write: (text, done) => writeFrom(Buffer.from(text), 0, done),
  writeSync(text) {
    const bytes = Buffer.from(text);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(STDOUT, bytes, offset);
  },
  close() {},
};

function writeFrom(bytes: Buffer, offset: number, done: (error: Error | null) => void): void {
  write(STDOUT, bytes, offset, (error, written) => {
    if (error?.code === 'EAGAIN') {
      setTimeout(writeFrom, RETRY_MS, bytes, offset, done);
      return;
    }
    if (error !== null || offset + written >= bytes.length) return done(error);
    writeFrom(bytes, offset + written, done);
  });
}
