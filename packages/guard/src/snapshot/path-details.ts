import type { HeapGraph } from './heap-graph.ts';
import { nodeRows, type RowReader } from './node-rows.ts';
import { readSnapshotFile, type SnapshotFile } from './snapshot-file.ts';
import { decodeSnapshotString } from './string-section.ts';

/** What the file says of a node: its type in V8's words, and its name. */
export interface NodeDetails {
  readonly type: string;
  readonly name: string;
}

/** How one object holds another. `name` is a property, a variable or a place in an array. */
export interface EdgeDetails {
  readonly type: string;
  readonly name: string;
}

export interface PathDetails {
  readonly nodes: ReadonlyMap<number, NodeDetails>;
  readonly edges: ReadonlyMap<number, EdgeDetails>;
}

// These hold by number; all others by the name of that number.
const NUMBERED: ReadonlySet<string> = new Set(['element', 'hidden']);

// Longer names are no names of code.
const MAX_TEXT_LENGTH = 120;

interface Raw {
  readonly type: string;
  readonly name: number;
}

/** Looks up some nodes and edges in one more pass over the file. Few thousand: they are held in memory. */
export async function readPathDetails(
  file: SnapshotFile,
  graph: HeapGraph,
  wantedNodes: Iterable<number>,
  wantedEdges: Iterable<number>,
): Promise<PathDetails> {
  const { header } = graph;
  const nodes = new Map<number, Raw>();
  const edges = new Map<number, Raw>();
  const texts = new Map<number, string>();
  const wants = inOrder(wantedNodes);
  const readNodes = nodeRows(header, file.path, ({ index, type, name }) => {
    if (wants(index)) nodes.set(index, { type: header.nodeTypes[type] as string, name });
  });
  const readEdges = edgeReader(graph, inOrder(wantedEdges), edges);
  await readSnapshotFile(file, {
    values(values, count, section) {
      if (section === 'nodes') readNodes(values, count);
      else if (section === 'edges') readEdges(values, count);
    },
    section(section) {
      if (section !== 'strings') return;
      for (const { name } of nodes.values()) texts.set(name, '');
      for (const { type, name } of edges.values()) if (!NUMBERED.has(type)) texts.set(name, '');
    },
    wantsString: (index) => texts.has(index),
    string(bytes, _length, index) {
      texts.set(index, decodeSnapshotString(bytes).slice(0, MAX_TEXT_LENGTH));
    },
  });
  const named = ({ type, name }: Raw) => ({ type, name: texts.get(name) ?? '' });
  const edgeNamed = (raw: Raw) =>
    NUMBERED.has(raw.type) ? { type: raw.type, name: String(raw.name) } : named(raw);
  return { nodes: mapValues(nodes, named), edges: mapValues(edges, edgeNamed) };
}

function edgeReader(
  { header }: HeapGraph,
  wants: (index: number) => boolean,
  into: Map<number, Raw>,
): RowReader {
  const { edgeFields, edgeTypes } = header;
  const [type, name] = [edgeFields.indexOf('type'), edgeFields.indexOf('name_or_index')];
  let edge = 0;
  return (values, count) => {
    for (let at = 0; at < count; at += edgeFields.length, edge++) {
      if (!wants(edge)) continue;
      into.set(edge, {
        type: edgeTypes[values[at + type] as number] ?? '',
        name: values[at + name] as number,
      });
    }
  };
}

/** Answers whether a number is wanted, for questions that rise: one comparison each. */
function inOrder(wanted: Iterable<number>): (index: number) => boolean {
  const sorted = [...wanted].sort((a, b) => a - b);
  let place = 0;
  return (index) => {
    if (sorted[place] !== index) return false;
    while (sorted[place] === index) place++;
    return true;
  };
}

function mapValues<From, To>(map: ReadonlyMap<number, From>, change: (value: From) => To): Map<number, To> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
