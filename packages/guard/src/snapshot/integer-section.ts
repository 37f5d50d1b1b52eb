import { ARRAY_BEGIN, ARRAY_END, COMMA, isSpace, NINE, type SectionParser, ZERO } from './section-parser.ts';
import { snapshotFormatErrors as errors } from './snapshot-format-errors.ts';

export interface IntegerSectionEvents {
  /** The bytes between the brackets, as they are. Valid during the call. */
  bytes?(bytes: Uint8Array): void;
  /** The next numbers, whole rows of them. The array is used again: valid during the call. */
  values?(values: Float64Array, count: number): void;
}

// 64 KiB of doubles: it stays in the second-level cache of the smallest server.
const BATCH = 8_192;

const NONE = -1;

/**
 * A flat array of integers that are not negative. Doubles carry them, for sizes may exceed 32 bits.
 * @throws CodedError SNAPSHOT_MALFORMED for anything else, and for a number above 2^53 - 1; SNAPSHOT_COUNT_WRONG
 */
export class IntegerSection implements SectionParser {
  isDone = false;
  readonly #name: string;
  readonly #rowLength: number;
  readonly #expected: number | null;
  readonly #events: IntegerSectionEvents;
  readonly #values: Float64Array;
  #held = 0;
  #total = 0;
  #value = NONE;
  #isOpen = false;
  #isAfterNumber = false;

  /** @param expected - how many numbers the head of the file promises; null when it says nothing. */
  constructor(name: string, rowLength: number, expected: number | null, events: IntegerSectionEvents) {
    this.#name = name;
    this.#rowLength = rowLength;
    this.#expected = expected;
    this.#events = events;
    this.#values = new Float64Array(Math.max(1, Math.floor(BATCH / rowLength)) * rowLength);
  }

  read(chunk: Uint8Array, from: number, chunkAt: number): number {
    const start = this.#isOpen ? from : this.#open(chunk, from, chunkAt);
    const end = this.#digits(chunk, start, chunkAt);
    if (end > start) this.#events.bytes?.(chunk.subarray(start, end));
    return this.isDone ? end + 1 : end;
  }

  #open(chunk: Uint8Array, from: number, chunkAt: number): number {
    if (chunk[from] !== ARRAY_BEGIN) throw malformed(chunkAt + from, '[');
    this.#isOpen = true;
    return from + 1;
  }

  /** The hot loop: one step a byte. Returns where the array or the chunk ends. */
  #digits(chunk: Uint8Array, from: number, chunkAt: number): number {
    const { length } = chunk;
    let value = this.#value;
    for (let at = from; at < length; at++) {
      const byte = chunk[at] as number;
      if (byte >= ZERO && byte <= NINE && !this.#isAfterNumber) {
        value = (value === NONE ? 0 : value * 10) + byte - ZERO;
      } else if (byte === COMMA && value !== NONE) {
        this.#keep(value, chunkAt + at);
        value = NONE;
      } else if (byte === ARRAY_END && (value !== NONE || this.#total === 0)) {
        this.#end(value, chunkAt + at);
        return at;
      } else if (isSpace(byte)) {
        this.#isAfterNumber = value !== NONE;
      } else {
        throw malformed(chunkAt + at, '0-9 , ]');
      }
    }
    this.#value = value;
    return length;
  }

  #keep(value: number, at: number): void {
    if (value > Number.MAX_SAFE_INTEGER) throw malformed(at, '≤ 2^53 - 1');
    this.#isAfterNumber = false;
    this.#values[this.#held++] = value;
    this.#total++;
    if (this.#held === this.#values.length) this.#flush();
  }

  #end(value: number, at: number): void {
    if (value !== NONE) this.#keep(value, at);
    const found = this.#total;
    const expected = this.#expected ?? found - (found % this.#rowLength);
    if (found !== expected) {
      throw errors.SNAPSHOT_COUNT_WRONG({ data: { section: this.#name, found, expected, at } });
    }
    this.#flush();
    this.isDone = true;
  }

  #flush(): void {
    if (this.#held > 0) this.#events.values?.(this.#values, this.#held);
    this.#held = 0;
  }
}

function malformed(at: number, expected: string): Error {
  return errors.SNAPSHOT_MALFORMED({ data: { at, expected } });
}
