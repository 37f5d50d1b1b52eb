import { type Bytes, KiB } from '@maque/kit';

const CHUNK: Bytes = 64 * KiB;
const ZERO = 0x30;

// A view of the bytes, which copying at once needs, costs as much as this many steps.
const SHORT = 48;

/** Gathers what is written into chunks of 64 KiB, which are used again once they are given back. */
export class OutputChunks {
  /** How much was written. */
  total: Bytes = 0;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #full: Uint8Array<ArrayBuffer>[] = [];
  #chunk = new Uint8Array(CHUNK);
  #length = 0;

  bytes(bytes: Uint8Array, from = 0, to = bytes.length): void {
    if (to - from > SHORT) this.#copy(bytes, from, to);
    else for (let at = from; at < to; at++) this.#byte(bytes[at] as number);
  }

  /** The digits of an integer that is not negative. */
  number(value: number): void {
    let power = 1;
    while (power * 10 <= value) power *= 10;
    for (; power >= 1; power /= 10) this.#byte(ZERO + (Math.floor(value / power) % 10));
  }

  /** The chunks that are full; with `isLast`, what is left too. */
  take(isLast = false): readonly Uint8Array<ArrayBuffer>[] {
    if (isLast) this.#full.push(this.#chunk.subarray(0, this.#length));
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Nobody needs this chunk any more. */
  giveBack(chunk: Uint8Array<ArrayBuffer>): void {
    if (chunk.length === CHUNK) this.#free.push(chunk);
  }

  #byte(byte: number): void {
    if (this.#length === CHUNK) this.#turn();
    this.#chunk[this.#length++] = byte;
    this.total++;
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    this.total += to - from;
    for (let at = from; at < to; ) {
      if (this.#length === CHUNK) this.#turn();
      const end = Math.min(to, at + CHUNK - this.#length);
      this.#chunk.set(bytes.subarray(at, end), this.#length);
      this.#length += end - at;
      at = end;
    }
  }

  #turn(): void {
    this.#full.push(this.#chunk);
    this.#chunk = this.#free.pop() ?? new Uint8Array(CHUNK);
    this.#length = 0;
  }
}
