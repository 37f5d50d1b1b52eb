import { nodeRows, type RowReader } from './node-rows.ts';
import type { ChainStep } from './path-chain.ts';
import { readSnapshotFile, type SnapshotFile } from './snapshot-file.ts';
import type { SnapshotHeader } from './snapshot-header.ts';
import { decodeSnapshotString } from './string-section.ts';

/** What the file says of a node: its type in V8's words, its name, and how many references go out of it. */
export interface NodeDetails {
  readonly type: string;
  readonly name: string;
  readonly edges: number;
}

/** How one object holds another. `name` is a property, a variable or a place in an array. */
export interface EdgeDetails {
  readonly type: string;
  readonly name: string;
}

export interface PathDetails {
  readonly nodes: ReadonlyMap<number, NodeDetails>;
  /** By the node to which they lead. */
  readonly edges: ReadonlyMap<number, EdgeDetails>;
}

interface RawNode {
  readonly type: string;
  readonly name: number;
  readonly edges: number;
}
interface RawEdge {
  readonly type: string;
  readonly name: number;
}
/** The edges of a node that is somebody's parent. */
interface EdgeRange {
  readonly parent: number;
  readonly from: number;
  readonly to: number;
}

// These hold by number; all others by the name of that number.
const NUMBERED: ReadonlySet<string> = new Set(['element', 'hidden']);

// Where one object holds another twice, what people wrote explains more: the variable rather than a cache of it.
const TELLING: ReadonlySet<string> = new Set(['property', 'context']);

// Longer names are no names of code.
const MAX_TEXT_LENGTH = 120;

/** Looks up the nodes and edges of some paths, a few thousand, in one more pass over the file. */
export async function readPathDetails(file: SnapshotFile, steps: readonly ChainStep[]): Promise<PathDetails> {
  const reader = new DetailsReader(file.path, steps);
  await readSnapshotFile(file, reader);
  return reader.details();
}

class DetailsReader {
  readonly #file: string;
  readonly #parentOf: ReadonlyMap<number, number>;
  readonly #isWanted: (node: number) => boolean;
  readonly #nodes = new Map<number, RawNode>();
  readonly #edges = new Map<number, RawEdge>();
  readonly #ranges: EdgeRange[] = [];
  readonly #texts = new Map<number, string>();
  #readNodes: RowReader = () => {};
  #readEdges: RowReader = () => {};

  constructor(file: string, steps: readonly ChainStep[]) {
    this.#file = file;
    this.#parentOf = new Map(steps.map(({ node, parent }) => [node, parent]));
    this.#isWanted = inOrder(steps.flatMap(({ node, parent }) => [node, parent]));
  }

  header(header: SnapshotHeader): void {
    let edge = 0;
    this.#readNodes = nodeRows(header, this.#file, ({ index, type, name, edges }) => {
      if (this.#isWanted(index)) {
        this.#nodes.set(index, { type: header.nodeTypes[type] as string, name, edges });
        this.#ranges.push({ parent: index, from: edge, to: edge + edges });
      }
      edge += edges;
    });
    this.#readEdges = this.#edgeReader(header);
  }

  values(values: Float64Array, count: number, section: string): void {
    if (section === 'nodes') this.#readNodes(values, count);
    else if (section === 'edges') this.#readEdges(values, count);
  }

  section(section: string): void {
    if (section !== 'strings') return;
    for (const { name } of this.#nodes.values()) this.#texts.set(name, '');
    for (const { type, name } of this.#edges.values()) if (!NUMBERED.has(type)) this.#texts.set(name, '');
  }

  wantsString(index: number): boolean {
    return this.#texts.has(index);
  }

  string(bytes: Uint8Array, _length: number, index: number): void {
    this.#texts.set(index, decodeSnapshotString(bytes).slice(0, MAX_TEXT_LENGTH));
  }

  details(): PathDetails {
    const text = (name: number) => this.#texts.get(name) ?? '';
    const nodes = [...this.#nodes].map(([node, raw]) => [node, { ...raw, name: text(raw.name) }] as const);
    const edges = [...this.#edges].map(([child, { type, name }]) => {
      return [child, { type, name: NUMBERED.has(type) ? String(name) : text(name) }] as const;
    });
    return { nodes: new Map(nodes), edges: new Map(edges) };
  }

  #edgeReader({ edgeFields, edgeTypes, nodeFields }: SnapshotHeader): RowReader {
    const [type, name] = [edgeFields.indexOf('type'), edgeFields.indexOf('name_or_index')];
    const to = edgeFields.indexOf('to_node');
    let edge = 0;
    let place = 0;
    return (values, count) => {
      for (let at = 0; at < count; at += edgeFields.length, edge++) {
        while (place < this.#ranges.length && edge >= (this.#ranges[place] as EdgeRange).to) place++;
        const range = this.#ranges[place];
        if (range === undefined || edge < range.from) continue;
        const child = (values[at + to] as number) / nodeFields.length;
        if (this.#parentOf.get(child) !== range.parent) continue;
        this.#meet(child, {
          type: edgeTypes[values[at + type] as number] ?? '',
          name: values[at + name] as number,
        });
      }
    };
  }

  #meet(child: number, edge: RawEdge): void {
    if (edge.type === 'weak') return;
    const known = this.#edges.get(child);
    if (known === undefined || (TELLING.has(edge.type) && !TELLING.has(known.type))) {
      this.#edges.set(child, edge);
    }
  }
}

/** Answers whether a number is wanted, for questions that rise: one comparison each. */
function inOrder(wanted: readonly number[]): (index: number) => boolean {
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  let place = 0;
  return (index) => {
    if (place === sorted.length || sorted[place] !== index) return false;
    place++;
    return true;
  };
}
