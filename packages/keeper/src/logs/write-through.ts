import type { Readable } from 'node:stream';
import { type Bytes, formatBytes, MiB } from '@maque/kit';
import { writeAll } from './descriptor-target.ts';

/** What becomes of the bytes on their way. */
export interface Passage {
  /** What is shown of them. */
  take(chunk: Uint8Array): Uint8Array;
  /** What is still to be shown at the end. */
  end(): Uint8Array;
}

// Ten thousand lines: whoever stops a terminal to read (Ctrl-S) loses nothing of a normal app for a long while.
const MAX_WAITING_BYTES: Bytes = MiB;

/**
 * Passes what a stream brings on to a descriptor, one write at a time, without ever waiting for it: for a reader that
 * stops, up to 1 MiB is kept and the rest dropped, with a word on how much. One that has gone away is no fault.
 * @returns when the stream is closed and the last byte is out.
 */
export function writeThrough(source: Readable, descriptor: number, passage: Passage): Promise<void> {
  return new Promise((resolve) => {
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    let dropped = 0;
    let isWriting = false;
    const write = () => {
      if (isWriting) return;
      if (waitingBytes === 0) {
        if (source.closed) resolve();
        return;
      }
      if (dropped > 0) waiting.push(Buffer.from(`\n… ${formatBytes(dropped)} dropped, 已丢弃 …\n`));
      const bytes = Buffer.concat(waiting);
      [waiting, waitingBytes, dropped, isWriting] = [[], 0, 0, true];
      writeAll(descriptor, bytes, () => {
        isWriting = false;
        write();
      });
    };
    const show = (bytes: Uint8Array) => {
      if (waitingBytes + bytes.length > MAX_WAITING_BYTES) {
        dropped += bytes.length;
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.length;
      write();
    };
    source.on('data', (chunk: Uint8Array) => show(passage.take(chunk)));
    source.once('end', () => show(passage.end()));
    source.on('error', () => {});
    source.once('close', write);
  });
}
