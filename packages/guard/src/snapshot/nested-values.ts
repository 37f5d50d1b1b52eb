import type { Bytes } from '@maque/kit';
import {
  ARRAY_BEGIN,
  ARRAY_END,
  BACKSLASH,
  COMMA,
  isSpace,
  NINE,
  OBJECT_BEGIN,
  OBJECT_END,
  QUOTE,
  type SectionParser,
  ZERO,
} from './section-parser.ts';
import { snapshotFormatErrors as errors } from './snapshot-format-errors.ts';

// V8 nests a trace tree as deep as the stacks it recorded: 64 frames at most.
const MAX_DEPTH = 1_000;

/** Any JSON value in braces or brackets, told apart only by where it ends. With `keep`, its bytes are kept. */
export class BalancedValue implements SectionParser {
  isDone = false;
  readonly #keep: Bytes;
  readonly #kept: Uint8Array[] = [];
  #keptLength = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** @param keep - how many bytes may be kept; more are an error. 0 keeps none. */
  constructor(keep: Bytes) {
    this.#keep = keep;
  }

  /** The kept bytes as text. */
  text(): string {
    return Buffer.concat(this.#kept).toString();
  }

  read(chunk: Uint8Array, from: number, chunkAt: number): number {
    let at = from;
    while (at < chunk.length && !this.isDone) {
      this.#step(chunk[at] as number, chunkAt + at);
      at++;
    }
    if (this.#keep > 0) this.#hold(chunk.slice(from, at));
    return at;
  }

  #step(byte: number, at: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInString && byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = !this.#isInString;
    else if (this.#isInString) return;
    else if (byte === OBJECT_BEGIN || byte === ARRAY_BEGIN) this.#depth++;
    else if (byte === OBJECT_END || byte === ARRAY_END) this.isDone = --this.#depth === 0;
    if (this.#depth > MAX_DEPTH || (this.#depth === 0 && !this.isDone)) {
      throw errors.SNAPSHOT_MALFORMED({ data: { at, expected: '{ [' } });
    }
  }

  #hold(bytes: Uint8Array): void {
    this.#keptLength += bytes.length;
    if (this.#keptLength > this.#keep) {
      throw errors.SNAPSHOT_TOO_LARGE({ data: { limit: this.#keep, what: 'snapshot' } });
    }
    this.#kept.push(bytes);
  }
}

/** Arrays of integers and of arrays: the tree of stacks. */
export class IntegerTree implements SectionParser {
  isDone = false;
  readonly #listener: ((bytes: Uint8Array) => void) | undefined;
  #depth = 0;

  /** @param listener - is told the bytes between the outermost brackets. */
  constructor(listener: ((bytes: Uint8Array) => void) | undefined) {
    this.#listener = listener;
  }

  read(chunk: Uint8Array, from: number, chunkAt: number): number {
    let at = from;
    const start = this.#depth > 0 ? from : from + 1;
    while (at < chunk.length && !this.isDone) {
      this.#step(chunk[at] as number, chunkAt + at);
      at++;
    }
    const end = this.isDone ? at - 1 : at;
    if (end > start) this.#listener?.(chunk.subarray(start, end));
    return at;
  }

  #step(byte: number, at: number): void {
    if (byte === ARRAY_BEGIN) this.#depth++;
    else if (byte === ARRAY_END) this.isDone = --this.#depth === 0;
    else if (this.#depth === 0 || !(isSpace(byte) || byte === COMMA || (byte >= ZERO && byte <= NINE))) {
      throw errors.SNAPSHOT_MALFORMED({ data: { at, expected: '0-9 , [ ]' } });
    }
    if (this.#depth > MAX_DEPTH)
      throw errors.SNAPSHOT_TOO_LARGE({ data: { limit: MAX_DEPTH, what: '[[[…' } });
  }
}
