import { type Bytes, KiB } from '@maque/kit';

// V8's report of an exhausted heap is some 50 lines long and says so near its top; a stack trace is 12.
const TAIL_LINES = 60;
const TAIL_LINE_LENGTH = 400;
const TAIL_BYTES: Bytes = 32 * KiB;

/** The last bytes of a stream, made into lines only when they are asked for: nobody does while all is well. */
export class OutputTail {
  readonly #ring = Buffer.alloc(TAIL_BYTES);
  #written = 0;

  push(chunk: Uint8Array): void {
    const last = chunk.subarray(Math.max(0, chunk.length - TAIL_BYTES));
    const at = (this.#written + chunk.length - last.length) % TAIL_BYTES;
    const untilEnd = Math.min(last.length, TAIL_BYTES - at);
    this.#ring.set(last.subarray(0, untilEnd), at);
    this.#ring.set(last.subarray(untilEnd), 0);
    this.#written += chunk.length;
  }

  /** Up to 60 lines, each cut after 400 characters. */
  lines(): string[] {
    const text = this.#bytes().toString();
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    // The first is likely to be the rest of one.
    if (this.#written > TAIL_BYTES) lines.shift();
    return lines.slice(-TAIL_LINES).map((line) => line.slice(0, TAIL_LINE_LENGTH));
  }

  #bytes(): Buffer {
    if (this.#written <= TAIL_BYTES) return this.#ring.subarray(0, this.#written);
    const at = this.#written % TAIL_BYTES;
    return Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }
}
