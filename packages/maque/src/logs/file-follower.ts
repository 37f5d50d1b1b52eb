import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type Bytes, KiB } from '@maque/kit';

const CHUNK_BYTES: Bytes = 64 * KiB;

// A line of ours is shorter; more without an end is somebody else's file.
const LINE_LIMIT: Bytes = 256 * KiB;

const NEWLINE = 10;

/**
 * Reads what is added to a file from now on, over its rotation: what is left of the old one first, then all of the new.
 * It need not be there yet. Looked at, not watched: inotify says nothing of network disks and some container mounts.
 */
export class FileFollower implements Disposable {
  readonly #path: string;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #descriptor: number | undefined;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);

  /**
   * @param begin whether what is there already counts.
   * @throws Error of the file system when the file is there and cannot be read.
   */
  constructor(path: string, begin: 'at its start' | 'at its end' = 'at its end') {
    this.#path = path;
    this.#open();
    if (this.#descriptor !== undefined && begin === 'at its end')
      this.#offset = fstatSync(this.#descriptor).size;
  }

  /** The lines that were finished since the last time. */
  *read(): Generator<string> {
    for (;;) {
      yield* this.#readToEnd();
      if (this.#isCurrent()) return;
      this.#close();
      this.#open();
      if (this.#descriptor === undefined) return;
    }
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  *#readToEnd(): Generator<string> {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    // Truncated in place, as logrotate's copytruncate does.
    if (fstatSync(descriptor).size < this.#offset) this.#offset = 0;
    for (;;) {
      const length = readSync(descriptor, this.#chunk, 0, CHUNK_BYTES, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      yield* this.#linesOf(this.#chunk.subarray(0, length));
    }
  }

  *#linesOf(chunk: Buffer): Generator<string> {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield bytes.toString('utf8', start, end);
      start = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(Math.max(start, bytes.length - LINE_LIMIT)));
  }

  /** Whether the path still leads to the file that is open. */
  #isCurrent(): boolean {
    const there = statSync(this.#path, { throwIfNoEntry: false });
    if (there === undefined) return true;
    if (this.#descriptor === undefined) return false;
    const { ino, dev } = fstatSync(this.#descriptor);
    return there.ino === ino && there.dev === dev;
  }

  #open(): void {
    this.#offset = 0;
    this.#rest = Buffer.alloc(0);
    try {
      this.#descriptor = openSync(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
