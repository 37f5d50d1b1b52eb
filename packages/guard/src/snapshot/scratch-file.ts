import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, KiB } from '@maque/kit';

const PIECE: Bytes = 64 * KiB;
const NUMBER: Bytes = 4;

/**
 * An array of 32-bit numbers on disk: written once from front to back, then read anywhere. It has no name from the
 * start, so that nothing is left of it however the process ends. It holds numbers only, nothing that users wrote.
 */
export class ScratchFile {
  readonly #descriptor: number;
  readonly #piece = new Uint32Array(PIECE / NUMBER);
  /** The place of the piece's first number, and how many numbers are in it. */
  #at = 0;
  #held = 0;

  /**
   * @param folder - where to make it; the system's own place for such files if that is not allowed.
   * @throws the system's error where no file can be made.
   */
  constructor(folder: string, name: string) {
    try {
      this.#descriptor = openUnnamed(folder, name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
      this.#descriptor = openUnnamed(tmpdir(), name);
    }
  }

  push(value: number): void {
    if (this.#held === this.#piece.length) this.flush();
    this.#piece[this.#held++] = value;
  }

  /** Ends writing. */
  flush(): void {
    const bytes = new Uint8Array(this.#piece.buffer, 0, this.#held * NUMBER);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    this.#at = 0;
    this.#held = 0;
  }

  /**
   * The number at a place. Neighbours come from memory; elsewhere `ahead` numbers are read: few where reads jump, many
   * where they go on.
   */
  at(place: number, ahead: number): number {
    const offset = place - this.#at;
    if (offset >= 0 && offset < this.#held) return this.#piece[offset] as number;
    const wanted = Math.min(ahead, this.#piece.length);
    const read = readSync(this.#descriptor, this.#piece, 0, wanted * NUMBER, place * NUMBER);
    this.#at = place;
    this.#held = Math.floor(read / NUMBER);
    if (this.#held === 0) throw new RangeError(`nothing was written at ${place}`);
    return this.#piece[0] as number;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function openUnnamed(folder: string, name: string): number {
  const path = join(folder, `.maque-${name}-${process.pid}-${process.hrtime.bigint()}`);
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return descriptor;
}
