import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { dirname, extname } from 'node:path';
import type { Bytes } from '@maque/kit';
import type { LineTarget } from './line-buffer.ts';

export interface RotatingFileOptions {
  /** E.g. `w1.log`; older files are `w1.1.log` (the newest of them), `w1.2.log` … */
  readonly path: string;
  /** A single write that is larger makes a file that is larger. */
  readonly maxBytes: Bytes;
  /** How many files there may be, the current one included. */
  readonly maxFiles: number;
}

/**
 * A log file that begins anew when it is full, a bounded number of old ones kept. Each process has its own: two that
 * rotate the same file would have to agree, and an own file needs no lock. Between two writes nothing else can hold
 * the file, so rotation is four renames and an open, about 0.2 ms for each 16 MiB. A file that somebody else has moved
 * away, deleted or truncated (logrotate, a person) is noticed by the next write, which goes to the path again.
 */
export class RotatingFile implements LineTarget {
  readonly #options: RotatingFileOptions;
  #descriptor: number | undefined;
  #size: Bytes = 0;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Opens the file at once, which the first write does otherwise. @throws Error of the file system. */
  open(): this {
    this.#reopen();
    return this;
  }

  write(text: string, done: (error: Error | null) => void): void {
    const bytes = Buffer.from(text);
    try {
      this.#writeFrom(this.#prepare(bytes.length), bytes, 0, done);
    } catch (error) {
      process.nextTick(done, error as Error);
    }
  }

  writeSync(text: string): void {
    const bytes = Buffer.from(text);
    const descriptor = this.#prepare(bytes.length);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
    this.#size += bytes.length;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #writeFrom(descriptor: number, bytes: Buffer, offset: number, done: (error: Error | null) => void): void {
    write(descriptor, bytes, offset, (error, written) => {
      if (error !== null) return done(error);
      this.#size += written;
      if (offset + written < bytes.length) return this.#writeFrom(descriptor, bytes, offset + written, done);
      done(null);
    });
  }

  /** The open file, with room for so many bytes. */
  #prepare(bytes: Bytes): number {
    const { path, maxBytes } = this.#options;
    const descriptor = this.#descriptor;
    const there = statSync(path, { throwIfNoEntry: false });
    if (descriptor === undefined || there === undefined || !isSameFile(there, fstatSync(descriptor))) {
      return this.#reopen();
    }
    this.#size = there.size;
    if (this.#size === 0 || this.#size + bytes <= maxBytes) return descriptor;
    this.#rotate();
    return this.#reopen();
  }

  #rotate(): void {
    const { maxFiles } = this.#options;
    rmSync(this.#nameOf(maxFiles - 1), { force: true });
    for (let age = maxFiles - 2; age >= 0; age -= 1) renameIfThere(this.#nameOf(age), this.#nameOf(age + 1));
  }

  #reopen(): number {
    const { path } = this.#options;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fresh = openSync(path, 'a', 0o600);
    this.close();
    this.#descriptor = fresh;
    this.#size = fstatSync(fresh).size;
    return fresh;
  }

  #nameOf(age: number): string {
    return agedName(this.#options.path, age);
  }
}

/** The name of an older file: `w1.2.log` for `w1.log` at age 2; age 0 is the current one. */
export function agedName(path: string, age: number): string {
  if (age === 0) return path;
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}.${age}${extension}`;
}

function isSameFile(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
