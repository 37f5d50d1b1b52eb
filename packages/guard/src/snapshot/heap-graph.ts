import { dirname } from 'node:path';
import { BitSet } from './bit-set.ts';
import { ClassCensus, type ClassCount } from './class-census.ts';
import { comparisonErrors as errors } from './comparison-errors.ts';
import { EdgeRanges } from './edge-ranges.ts';
import type { IdentitySketch } from './identity-sketch.ts';
import { type NodeRow, nodeRows, type RowReader } from './node-rows.ts';
import { ScratchFile } from './scratch-file.ts';
import { readSnapshotFile, type SnapshotFile } from './snapshot-file.ts';
import type { SnapshotHeader } from './snapshot-header.ts';
import type { SectionName, SnapshotEvents } from './snapshot-sections.ts';
import { decodeSnapshotString } from './string-section.ts';

/** Where an edge leads that keeps nothing alive. */
export const NOWHERE = 0xffff_ffff;

/**
 * The second snapshot as a graph, 3.5 bytes a node in memory; 4 bytes a node and 4 an edge lie in scratch files beside
 * the snapshot, for /tmp may be memory.
 */
export class HeapGraph {
  readonly header: SnapshotHeader;
  readonly census: ClassCensus;
  /** Class of each node. */
  readonly classOf: Uint16Array;
  /** The nodes that the first snapshot does not have, if their ids can be compared. */
  readonly newNodes: BitSet;
  readonly edges: EdgeRanges;
  /** Node to which each edge leads, or `NOWHERE`. */
  readonly targets: ScratchFile;
  /** Own size of each node, up to 4 GiB. */
  readonly sizes: ScratchFile;

  constructor(header: SnapshotHeader, scratchFolder: string) {
    const { nodeCount } = header;
    this.header = header;
    this.census = new ClassCensus(header.nodeTypes);
    this.classOf = new Uint16Array(nodeCount);
    this.newNodes = new BitSet(nodeCount);
    this.edges = new EdgeRanges(nodeCount);
    this.targets = new ScratchFile(scratchFolder, 'edges');
    this.sizes = new ScratchFile(scratchFolder, 'sizes');
  }

  get nodeCount(): number {
    return this.header.nodeCount;
  }

  /** @param classNumber - as in `classOf`. */
  classOfNumber(classNumber: number): ClassCount {
    return this.census.classes[classNumber] as ClassCount;
  }

  close(): void {
    this.targets.close();
    this.sizes.close();
  }
}

/**
 * Reads the second snapshot in one pass. Close what it answers.
 * @throws CodedError as `readSnapshotFile` does, and SNAPSHOT_TYPE_UNKNOWN, SNAPSHOT_EDGE_INVALID,
 * SNAPSHOT_EDGES_MISCOUNTED
 */
export async function readHeapGraph(file: SnapshotFile, identity: IdentitySketch): Promise<HeapGraph> {
  const reader = new GraphReader(file.path, identity);
  try {
    await readSnapshotFile(file, reader);
    return reader.finish();
  } catch (error) {
    reader.close();
    throw error;
  }
}

class GraphReader implements SnapshotEvents {
  readonly #file: string;
  readonly #identity: IdentitySketch;
  #graph: HeapGraph | null = null;
  #readNodes: RowReader = () => {};
  #readEdges: RowReader = () => {};

  constructor(file: string, identity: IdentitySketch) {
    this.#file = file;
    this.#identity = identity;
  }

  header(header: SnapshotHeader): void {
    const graph = new HeapGraph(header, dirname(this.#file));
    this.#graph = graph;
    this.#readNodes = nodeRows(header, this.#file, (row) => this.#addNode(graph, row));
    this.#readEdges = edgeTargets(graph, this.#file);
  }

  section(section: SectionName): void {
    if (section === 'edges' && this.#graph !== null) this.#checkEdges(this.#graph);
  }

  values(values: Float64Array, count: number, section: SectionName): void {
    if (section === 'nodes') this.#readNodes(values, count);
    else if (section === 'edges') this.#readEdges(values, count);
  }

  string(bytes: Uint8Array, _length: number, index: number): void {
    this.#graph?.census.name(index, decodeSnapshotString(bytes));
  }

  wantsString(index: number): boolean {
    return this.#graph?.census.needs(index) ?? false;
  }

  finish(): HeapGraph {
    if (this.#graph === null) throw new Error('a snapshot that was read has a head');
    this.#graph.targets.flush();
    this.#graph.sizes.flush();
    return this.#graph;
  }

  close(): void {
    this.#graph?.close();
  }

  #addNode(graph: HeapGraph, { index, type, name, id, size, edges }: NodeRow): void {
    const isNew = this.#identity.meet(id, type, size);
    graph.classOf[index] = graph.census.add(type, name, size, isNew);
    if (isNew) graph.newNodes.add(index);
    graph.edges.push(index, edges);
    if (graph.edges.total > graph.header.edgeCount) this.#miscounted(graph);
    graph.sizes.push(Math.min(size, NOWHERE));
  }

  #checkEdges(graph: HeapGraph): void {
    if (graph.edges.total !== graph.header.edgeCount) this.#miscounted(graph);
  }

  #miscounted({ edges, header }: HeapGraph): never {
    throw errors.SNAPSHOT_EDGES_MISCOUNTED({
      data: { file: this.#file, found: edges.total, expected: header.edgeCount },
    });
  }
}

/** Keeps where the edges lead; weak ones keep nothing alive. */
function edgeTargets({ header, targets }: HeapGraph, file: string): RowReader {
  const { edgeFields, edgeTypes, nodeFields, nodeCount } = header;
  const [type, to] = [edgeFields.indexOf('type'), edgeFields.indexOf('to_node')];
  const weak = edgeTypes.indexOf('weak');
  let edge = 0;
  return (values, count) => {
    for (let at = 0; at < count; at += edgeFields.length, edge++) {
      const target = (values[at + to] as number) / nodeFields.length;
      if (!Number.isInteger(target) || target >= nodeCount) {
        throw errors.SNAPSHOT_EDGE_INVALID({ data: { file, edge, to: values[at + to] } });
      }
      targets.push(values[at + type] === weak ? NOWHERE : target);
    }
  };
}
