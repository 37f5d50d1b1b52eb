import { type Bytes, KiB } from '@maque/kit';
import {
  ARRAY_BEGIN,
  ARRAY_END,
  BACKSLASH,
  COMMA,
  isSpace,
  QUOTE,
  type SectionParser,
} from './section-parser.ts';
import { snapshotFormatErrors as errors } from './snapshot-format-errors.ts';

/**
 * One string of the file: what stands between its quotes, escapes and all, is `buffer` from `from` to `to`; the first 16 KiB
 * of it. Valid during the call. No view of the buffer is made, for a million of them are 200 MB of garbage.
 * @param length - of the whole string, in UTF-16 units as JavaScript counts.
 * @param index - its place in the array: what nodes and edges call it.
 */
export type StringListener = (
  buffer: Uint8Array,
  from: number,
  to: number,
  length: number,
  index: number,
) => void;

// V8 cuts strings at 1,024 units (--heap-snapshot-string-limit), which are at most 6 KiB of escapes.
const MAX_KEPT: Bytes = 16 * KiB;

// `\u4e2d`: the longest thing that may not be cut.
const LONGEST_UNIT: Bytes = 6;

const U = 0x75;
const HEX_DIGITS = 4;

/** The array of strings. @throws CodedError SNAPSHOT_MALFORMED */
export class StringSection implements SectionParser {
  isDone = false;
  readonly #listener: StringListener;
  /** Collects a string that lies across chunks. */
  readonly #kept = new Uint8Array(MAX_KEPT);
  #keptLength = 0;
  #index = 0;
  #place: 'before' | 'first' | 'string' | 'inside' | 'after' = 'before';
  #length = 0;
  #isCut = false;
  #isEscaped = false;
  #hexLeft = 0;

  constructor(listener: StringListener) {
    this.#listener = listener;
  }

  read(chunk: Uint8Array, from: number, chunkAt: number): number {
    let at = from;
    while (at < chunk.length && !this.isDone) {
      at = this.#place === 'inside' ? this.#inside(chunk, at, chunkAt) : this.#between(chunk, at, chunkAt);
    }
    return at;
  }

  #between(chunk: Uint8Array, at: number, chunkAt: number): number {
    const byte = chunk[at] as number;
    if (isSpace(byte)) return at + 1;
    if (this.#place === 'before' && byte === ARRAY_BEGIN) this.#place = 'first';
    else if (this.#place === 'after' && byte === COMMA) this.#place = 'string';
    else if ((this.#place === 'first' || this.#place === 'string') && byte === QUOTE) this.#begin();
    else if ((this.#place === 'first' || this.#place === 'after') && byte === ARRAY_END) this.isDone = true;
    else throw malformed(chunkAt + at, '[ " , ]');
    return at + 1;
  }

  #begin(): void {
    this.#place = 'inside';
    this.#keptLength = 0;
    this.#length = 0;
    this.#isCut = false;
  }

  /** The hot loop: to the closing quote or the end of the chunk, counting UTF-16 units. */
  #inside(chunk: Uint8Array, from: number, chunkAt: number): number {
    const mostKept = from + MAX_KEPT - LONGEST_UNIT - this.#keptLength;
    let keepTo = this.#isCut ? from : -1;
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#hexLeft > 0 || this.#isEscaped) {
        this.#escape(byte, chunkAt + at);
        continue;
      }
      if (byte === QUOTE) break;
      if (keepTo === -1 && at >= mostKept) keepTo = at;
      // A byte that continues a character of UTF-8 counts nothing; the first of four stands for two units.
      if (byte < 0x80 || byte >= 0xc0) this.#length += byte >= 0xf0 ? 2 : 1;
      if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte < 0x20) throw malformed(chunkAt + at, '≥ U+0020');
    }
    this.#isCut = keepTo !== -1;
    const isWhole = at < chunk.length;
    const to = this.#isCut ? keepTo : at;
    if (isWhole && this.#keptLength === 0) this.#tell(chunk, from, to);
    else this.#collect(chunk.subarray(from, to), isWhole);
    return isWhole ? at + 1 : at;
  }

  #escape(byte: number, at: number): void {
    if (this.#hexLeft > 0) {
      if (!isHex(byte)) throw malformed(at, '0-9 a-f');
      this.#hexLeft--;
      return;
    }
    this.#isEscaped = false;
    if (byte === U) this.#hexLeft = HEX_DIGITS;
    else if (!ESCAPED.has(byte)) throw malformed(at, String.raw`" \ / b f n r t u`);
  }

  #collect(bytes: Uint8Array, isWhole: boolean): void {
    this.#kept.set(bytes, this.#keptLength);
    this.#keptLength += bytes.length;
    if (isWhole) this.#tell(this.#kept, 0, this.#keptLength);
  }

  #tell(buffer: Uint8Array, from: number, to: number): void {
    this.#place = 'after';
    this.#listener(buffer, from, to, this.#length, this.#index++);
  }
}

const ESCAPED: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function malformed(at: number, expected: string): Error {
  return errors.SNAPSHOT_MALFORMED({ data: { at, expected } });
}

/** What the bytes of a {@link StringListener} say. */
export function decodeSnapshotString(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  return text.includes('\\') ? JSON.parse(`"${text}"`) : text;
}
