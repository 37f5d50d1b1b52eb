import { snapshotFormatErrors as errors } from '../snapshot/snapshot-format-errors.ts';
import type { SnapshotHeader } from '../snapshot/snapshot-header.ts';
import type { IntegerSectionName, SectionName, SnapshotEvents } from '../snapshot/snapshot-sections.ts';
import { decodeSnapshotString } from '../snapshot/string-section.ts';
import { isShortNumber, isSlotNumber, mayBeProperty } from './name-bytes.ts';
import { NamesInCode } from './names-in-code.ts';
import type { OutputChunks } from './output-chunks.ts';
import { plainName } from './plain-name.ts';
import { layoutOf, type SnapshotLayout } from './snapshot-layout.ts';
import { StringUses, Use } from './string-uses.ts';

// Of a node a string takes five bytes here and 67 of the file: these many take 80 MB of a file of a gigabyte and more.
const MOST_STRINGS = 16_777_216;
const MOST_NODES = 67_108_864;

/** Writes the snapshot that it hears of again: every number as it was, and strings only where they are names of code. */
export class RedactedSnapshot implements SnapshotEvents {
  nodes = 0;
  edges = 0;
  /** Strings as they were, in part, and replaced. */
  kept = 0;
  shortened = 0;
  replaced = 0;
  readonly #out: OutputChunks;
  readonly #uses = new StringUses();
  readonly #namesInCode = new NamesInCode();
  #layout: SnapshotLayout | null = null;
  #open: SectionName | null = null;
  /** Of the string that is being written. */
  #length = 0;
  #index = 0;

  constructor(out: OutputChunks) {
    this.#out = out;
  }

  header(header: SnapshotHeader, json: string): void {
    this.#layout = layoutOf(header);
    this.#out.bytes(Buffer.from(`{"snapshot":${json}`));
  }

  section(section: SectionName): void {
    this.#close();
    this.#out.bytes(Buffer.from(`,\n"${section}":[`));
    this.#open = section;
  }

  bytes(bytes: Uint8Array): void {
    this.#out.bytes(bytes);
  }

  values(values: Float64Array, count: number, section: IntegerSectionName): void {
    const layout = this.#layout;
    if (layout === null) return;
    if (section === 'nodes') this.#readNodes(values, count, layout);
    else if (section === 'edges') this.#readEdges(values, count, layout);
    else if (section === 'trace_function_infos') this.#readFunctions(values, count, layout);
  }

  /** What is only data is not looked at: nothing of it can get into the output. */
  stringBytes(buffer: Uint8Array, from: number, to: number, length: number, index: number): void {
    this.#length = length;
    this.#index = index;
    const uses = this.#uses.of(index);
    this.#out.bytes(index > 0 ? BETWEEN : QUOTE);
    if (index === 0 || (uses & ~Use.data) !== 0) this.#name(buffer, from, to, uses);
    else this.#replace(STRING_OF);
    this.#out.bytes(QUOTE);
  }

  /** The file has ended. */
  end(): void {
    this.#close();
    this.#out.bytes(Buffer.from('}\n'));
  }

  #close(): void {
    if (this.#open !== null) this.#out.bytes(Buffer.from(']'));
    if (this.#open === 'nodes') this.#namesInCode.nodesEnd();
  }

  #readNodes(values: Float64Array, count: number, { node }: SnapshotLayout): void {
    this.nodes = within(MOST_NODES, this.nodes + count / node.row, 'nodes');
    for (let at = 0; at < count; at += node.row) {
      const type = values[at + node.type] as number;
      const name = within(MOST_STRINGS, values[at + node.name] as number, 'strings');
      this.#uses.add(name, node.uses[type] ?? Use.data);
      this.#namesInCode.node(name, node.kinds[type] ?? 'other', values[at + node.edgeCount] as number);
    }
  }

  #readEdges(values: Float64Array, count: number, { node, edge }: SnapshotLayout): void {
    this.edges += count / edge.row;
    for (let at = 0; at < count; at += edge.row) {
      const use = edge.uses[values[at + edge.type] as number] ?? 0;
      const name = values[at + edge.name] as number;
      if (use !== 0) this.#uses.add(within(MOST_STRINGS, name, 'strings'), use);
      this.#namesInCode.edge((values[at + edge.to] as number) / node.row);
    }
  }

  #readFunctions(values: Float64Array, count: number, { info }: SnapshotLayout): void {
    for (let at = 0; at < count; at += info.row) {
      for (const field of info.names) {
        this.#uses.add(within(MOST_STRINGS, values[at + field] as number, 'strings'), Use.code);
      }
    }
  }

  /** Tables have a slot for each entry, and dictionaries a key: a million of them are told apart without making texts. */
  #name(buffer: Uint8Array, from: number, to: number, uses: number): void {
    if ((uses & Use.internal) !== 0 && isSlotNumber(buffer, from, to)) {
      // A number that is also somebody's shows in either place, or in none.
      if (uses === Use.internal || isShortNumber(from, to)) this.#keep(buffer, from, to);
      else this.#replace(NAME_OF);
    } else if ((uses & ~(Use.data | Use.property)) === 0 && !mayBeProperty(buffer, from, to)) {
      this.#replace(NAME_OF);
    } else {
      this.#text(buffer, from, to, uses);
    }
  }

  #text(buffer: Uint8Array, from: number, to: number, uses: number): void {
    const name = decodeSnapshotString(buffer.subarray(from, to));
    this.#namesInCode.text(this.#index, name);
    const isWhole = name.length === this.#length;
    const plain = isWhole ? plainName(name, uses, this.#namesInCode.has(this.#index)) : null;
    if (plain === null) this.#replace(NAME_OF);
    else if (plain === name) this.#keep(buffer, from, to);
    else this.#shorten(plain);
  }

  #shorten(plain: string): void {
    this.shortened++;
    this.#out.bytes(Buffer.from(JSON.stringify(plain).slice(1, -1)));
  }

  #keep(buffer: Uint8Array, from: number, to: number): void {
    this.kept++;
    this.#out.bytes(buffer, from, to);
  }

  #replace(words: Uint8Array): void {
    this.replaced++;
    this.#out.bytes(words);
    this.#out.number(this.#length);
    this.#out.bytes(NUMBER);
    this.#out.number(this.#index);
    this.#out.bytes(END);
  }
}

function within(limit: number, value: number, what: string): number {
  if (value <= limit) return value;
  throw errors.SNAPSHOT_TOO_LARGE({ data: { limit, what } });
}

// Written a million times, so without a text in between: `<string of 11 #431>`.
const BETWEEN = Buffer.from(',\n"');
const QUOTE = Buffer.from('"');
const STRING_OF = Buffer.from('<string of ');
const NAME_OF = Buffer.from('<name of ');
const NUMBER = Buffer.from(' #');
const END = Buffer.from('>');
