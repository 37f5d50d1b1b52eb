import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Bytes } from '@maque/kit';
import type { LineTarget } from './line-buffer.ts';

export interface RotatingFileOptions {
  /** A path that ends in `.log`; older files are `<name>.1.log` (the newest of them), `<name>.2.log` … */
  readonly path: string;
  /** A single write that is larger makes a file that is larger. */
  readonly maxBytes: Bytes;
  /** How many files there may be, the current one included. */
  readonly maxFiles: number;
}

/**
 * A log file that begins anew when it is full, a bounded number of old ones kept. Each process has its own: two that
 * rotate the same file would have to agree, and an own file needs no lock. Between two writes nothing else can hold
 * the file, so rotation is four renames and an open, about 0.2 ms for each 16 MiB.
 */
export class RotatingFile implements LineTarget {
  readonly #options: RotatingFileOptions;
  #descriptor: number;
  #size: Bytes;

  /** @throws Error of the file system when the file cannot be opened. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
    this.#descriptor = openForAppend(options.path);
    this.#size = fstatSync(this.#descriptor).size;
  }

  write(text: string, done: (error: Error | null) => void): void {
    const bytes = Buffer.from(text);
    try {
      this.#makeRoom(bytes.length);
    } catch (error) {
      process.nextTick(done, error as Error);
      return;
    }
    this.#writeFrom(bytes, 0, done);
  }

  writeSync(text: string): void {
    const bytes = Buffer.from(text);
    this.#makeRoom(bytes.length);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(this.#descriptor, bytes, offset);
    this.#size += bytes.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #writeFrom(bytes: Buffer, offset: number, done: (error: Error | null) => void): void {
    write(this.#descriptor, bytes, offset, (error, written) => {
      if (error !== null) return done(error);
      this.#size += written;
      if (offset + written < bytes.length) return this.#writeFrom(bytes, offset + written, done);
      done(null);
    });
  }

  #makeRoom(bytes: Bytes): void {
    if (this.#size > 0 && this.#size + bytes > this.#options.maxBytes) this.#rotate();
  }

  #rotate(): void {
    const { path, maxFiles } = this.#options;
    rmSync(this.#nameOf(maxFiles - 1), { force: true });
    for (let age = maxFiles - 2; age >= 0; age -= 1) renameIfThere(this.#nameOf(age), this.#nameOf(age + 1));
    const fresh = openForAppend(path);
    closeSync(this.#descriptor);
    this.#descriptor = fresh;
    this.#size = fstatSync(fresh).size;
  }

  #nameOf(age: number): string {
    const { path } = this.#options;
    return age === 0 ? path : path.replace(/\.log$/, `.${age}.log`);
  }
}

function openForAppend(path: string): number {
  return openSync(path, 'a', 0o600);
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
