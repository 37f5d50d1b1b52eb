import { type Bytes, KiB } from '@maque/kit';
import { IntegerSection, type IntegerSectionEvents } from './integer-section.ts';
import { BalancedValue, IntegerTree } from './nested-values.ts';
import {
  COLON,
  COMMA,
  isSpace,
  OBJECT_BEGIN,
  OBJECT_END,
  QUOTE,
  type SectionParser,
} from './section-parser.ts';
import { snapshotFormatErrors as errors } from './snapshot-format-errors.ts';
import { MAX_HEADER, readSnapshotHeader, type SnapshotHeader } from './snapshot-header.ts';
import { type StringListener, StringSection } from './string-section.ts';

/** The flat arrays of integers. */
export type IntegerSectionName = 'nodes' | 'edges' | 'trace_function_infos' | 'samples' | 'locations';

/** The members of the file, in the order in which V8 writes them. */
export type SectionName = 'snapshot' | IntegerSectionName | 'trace_tree' | 'strings';

/** What a reader of a snapshot wants to hear of; what it leaves out is checked and skipped. */
export interface SnapshotEvents {
  /** The head, before anything else, and its JSON, made of nothing but short words and numbers. */
  header?(header: SnapshotHeader, json: string): void;
  /** A section begins. */
  section?(section: SectionName): void;
  /** The bytes of a section of integers between its brackets, as they are. Valid during the call. */
  bytes?(bytes: Uint8Array, section: SectionName): void;
  /** The next numbers of a flat section, whole rows of them. The array is used again: valid during the call. */
  values?(values: Float64Array, count: number, section: IntegerSectionName): void;
  /** The next string, as {@link decodeSnapshotString} reads it, and its whole length. Valid during the call. */
  string?(bytes: Uint8Array, length: number, index: number): void;
  /** Asked before each string is told by `string`; all are if this is left out. */
  wantsString?(index: number): boolean;
  /** The same, for who copies strings: see {@link StringListener}. */
  stringBytes?: StringListener;
}

const ORDER: readonly SectionName[] = [
  'snapshot',
  'nodes',
  'edges',
  'trace_function_infos',
  'trace_tree',
  'samples',
  'locations',
  'strings',
];
const NEEDED: readonly SectionName[] = ['snapshot', 'nodes', 'edges', 'strings'];

const MAX_NAME = 64;

/** Between the members: what the next byte that is not white space must be. */
const EXPECTED = {
  start: '{',
  name: '"',
  'in-name': 'A-Z a-z _ "',
  colon: ':',
  value: '[ {',
  'after-value': ', }',
  end: 'EOF',
} as const;

/**
 * Reads a V8 heap snapshot (`.heapsnapshot`, what DevTools and `v8.getHeapSnapshot()` write) piece by piece, in 200 KiB
 * whatever the size of the file. Push its bytes, then call `end()`. Members that are unknown are skipped.
 * @throws CodedError of `snapshotFormatErrors`, from `push` and `end`, with the byte at which the file goes wrong.
 */
export class SnapshotSections {
  readonly #events: SnapshotEvents;
  #place: keyof typeof EXPECTED = 'start';
  #name = '';
  #parser: SectionParser | null = null;
  #header: SnapshotHeader | null = null;
  /** How many of `ORDER` are read or passed over. */
  #passed = 0;
  #chunkAt = 0;

  constructor(events: SnapshotEvents) {
    this.#events = events;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#parser !== null) at = this.#readValue(this.#parser, chunk, at);
      else if (isSpace(chunk[at] as number)) at++;
      else if (this.#place === 'value') this.#parser = this.#parserOf(this.#chunkAt + at);
      else this.#step(chunk[at] as number, this.#chunkAt + at++);
    }
    this.#chunkAt += chunk.length;
  }

  /** The file has ended. */
  end(): void {
    if (this.#place === 'end') return;
    const section = this.#name === '' ? 'snapshot' : this.#name;
    throw errors.SNAPSHOT_TRUNCATED({ data: { at: this.#chunkAt, section } });
  }

  #step(byte: number, at: number): void {
    const place = this.#place;
    if (place === 'start' && byte === OBJECT_BEGIN) this.#place = 'name';
    else if (place === 'name' && byte === QUOTE) this.#beginName();
    else if (place === 'in-name' && byte === QUOTE) this.#place = 'colon';
    else if (place === 'in-name' && isLetter(byte) && this.#name.length < MAX_NAME) {
      this.#name += String.fromCharCode(byte);
    } else if (place === 'colon' && byte === COLON) this.#place = 'value';
    else if (place === 'after-value' && byte === COMMA) this.#place = 'name';
    else if (place === 'after-value' && byte === OBJECT_END) this.#endFile(at);
    else throw errors.SNAPSHOT_MALFORMED({ data: { at, expected: EXPECTED[place] } });
  }

  #beginName(): void {
    this.#name = '';
    this.#place = 'in-name';
  }

  #endFile(at: number): void {
    this.#checkOrder('EOF', ORDER.length, at);
    this.#place = 'end';
  }

  #readValue(parser: SectionParser, chunk: Uint8Array, from: number): number {
    const at = parser.read(chunk, from, this.#chunkAt);
    if (!parser.isDone) return at;
    if (this.#name === 'snapshot' && parser instanceof BalancedValue) this.#readHeader(parser.text());
    this.#parser = null;
    this.#place = 'after-value';
    return at;
  }

  #readHeader(json: string): void {
    this.#header = readSnapshotHeader(json);
    // Made anew, for what is passed on must be what was checked: of two members with one name JSON.parse takes one.
    this.#events.header?.(this.#header, JSON.stringify(JSON.parse(json)));
  }

  #parserOf(at: number): SectionParser {
    const section = ORDER.find((name) => name === this.#name);
    if (section === undefined) return new BalancedValue(0);
    const place = ORDER.indexOf(section);
    this.#checkOrder(section, place, at);
    this.#passed = place + 1;
    if (section === 'snapshot') return new BalancedValue(MAX_HEADER);
    this.#events.section?.(section);
    const { bytes } = this.#events;
    if (section === 'trace_tree') {
      return new IntegerTree(bytes && ((piece) => bytes.call(this.#events, piece, section)));
    }
    if (section === 'strings') return this.#strings();
    return this.#integers(section);
  }

  /** Sections come in V8's order: what the numbers mean is known before they come, and all numbers before strings. */
  #checkOrder(section: string, place: number, at: number): void {
    const missing = NEEDED.find(
      (name) => !(ORDER.indexOf(name) < this.#passed) && ORDER.indexOf(name) < place,
    );
    if (missing === undefined && place >= this.#passed) return;
    throw errors.SNAPSHOT_SECTION_ORDER({ data: { at, section: missing ?? section } });
  }

  #strings(): StringSection {
    const events = this.#events;
    return new StringSection((buffer, from, to, length, index) => {
      events.stringBytes?.(buffer, from, to, length, index);
      const isWanted = events.wantsString?.(index) ?? true;
      if (isWanted && events.string !== undefined) events.string(buffer.subarray(from, to), length, index);
    });
  }

  #integers(section: IntegerSectionName): IntegerSection {
    const header = this.#header;
    if (header === null) throw new Error('the head is read before any section');
    const row = rowOf(section, header);
    const events: IntegerSectionEvents = {
      bytes: (bytes) => this.#events.bytes?.(bytes, section),
      values: (values, count) => this.#events.values?.(values, count, section),
    };
    const expected = row.count === null ? null : row.count * row.length;
    return new IntegerSection(section, Math.max(1, row.length), expected, events);
  }
}

function rowOf(
  section: IntegerSectionName,
  header: SnapshotHeader,
): { length: number; count: number | null } {
  switch (section) {
    case 'nodes':
      return { length: header.nodeFields.length, count: header.nodeCount };
    case 'edges':
      return { length: header.edgeFields.length, count: header.edgeCount };
    case 'trace_function_infos':
      return { length: header.traceFunctionInfoFields.length, count: header.traceFunctionCount };
    case 'samples':
      return { length: header.sampleFields.length, count: null };
    case 'locations':
      return { length: header.locationFields.length, count: null };
  }
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f;
}

// What is read between two looks at the event loop: a millisecond's worth.
const PIECE: Bytes = 256 * KiB;

/** What a source gives, in pieces of 256 KiB at most: whoever reads them lets the event loop go on in between. */
export async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }
}

/** Reads a whole snapshot. @throws CodedError as {@link SnapshotSections} does, and what the source fails with. */
export async function readSnapshot(source: AsyncIterable<Uint8Array>, events: SnapshotEvents): Promise<void> {
  const sections = new SnapshotSections(events);
  for await (const piece of inPieces(source)) sections.push(piece);
  sections.end();
}
