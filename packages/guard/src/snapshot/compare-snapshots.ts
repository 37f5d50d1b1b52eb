import type { Bytes } from '@maque/kit';
import type { ClassCount } from './class-census.ts';
import { countClasses, type FirstSnapshot } from './count-classes.ts';
import { isElementClass } from './element-class.ts';
import { ElementSamples } from './element-samples.ts';
import { type HeapGraph, NOWHERE, readHeapGraph } from './heap-graph.ts';
import { type OwnedGrowth, ownedGrowth } from './owned-growth.ts';
import { chainTo } from './path-chain.ts';
import { readPathDetails } from './path-details.ts';
import { findHolder, groupPaths, type Holder, type RetainerPath } from './retainer-paths.ts';
import { type PathTree, shortestPaths } from './shortest-paths.ts';
import { openSnapshotFile, type SnapshotFile } from './snapshot-file.ts';

/** What one constructor (or kind of memory) had and has. */
export interface ClassGrowth {
  readonly name: string;
  /** V8's type of node. */
  readonly type: string;
  readonly countBefore: number;
  readonly countAfter: number;
  /** Bytes of the objects alone. */
  readonly sizeBefore: Bytes;
  readonly sizeAfter: Bytes;
}

/** A constructor whose new objects are being added somewhere. */
export interface GrowingClass extends ClassGrowth {
  /** Objects that the first snapshot does not have; null when the two do not number objects alike. */
  readonly newCount: number | null;
  /** Bytes of the new ones and of all that is new below them; null like `newCount`. */
  readonly ownedGrowth: Bytes | null;
  /** The place through which most of those looked at are kept. */
  readonly holder: Holder | null;
  /** How those looked at are kept, the way to the most bytes first. */
  readonly paths: readonly RetainerPath[];
}

export interface SnapshotTotals {
  readonly file: string;
  readonly nodes: number;
  /** Bytes of all objects, buffers' memory included. */
  readonly size: Bytes;
}

export interface SnapshotComparison {
  readonly before: SnapshotTotals;
  readonly after: SnapshotTotals;
  /**
   * Whether both number objects alike, so that new objects can be told from old. False for snapshots of two processes,
   * and when an inspector's session ended between them.
   */
  readonly sameProcess: boolean;
  /** What is being added and kept, the most bytes first. */
  readonly growing: readonly GrowingClass[];
  /** Growth of the memory of buffers, which is outside the heap. */
  readonly buffers: ClassGrowth | null;
}

// A report that people read to the end.
const MAX_GROWING = 10;

// Of all that is new.
const LEAST_SHARE = 0.01;
const LEAST_SYSTEM_SHARE = 0.2;

const BUFFER_MEMORY = 'system / JSArrayBufferData';

/**
 * Compares two heap snapshots of one process: what is new in the second and who keeps it. Reads the first once and the
 * second twice, as streams, in some 15 MiB and 8 bytes a node of the second: 54 MiB for 363 MiB of file. It blocks its
 * process for seconds, so that it belongs into one of its own.
 * @throws CodedError as `readHeapGraph` does
 */
export async function compareSnapshots(beforePath: string, afterPath: string): Promise<SnapshotComparison> {
  const before = await openSnapshotFile(beforePath);
  const after = await openSnapshotFile(afterPath);
  const first = await countClasses(before);
  const graph = await readHeapGraph(after, first.identity);
  try {
    const growing = await findGrowing(after, graph, first);
    return {
      before: totals(before, first.nodes, first.classes),
      after: totals(after, graph.nodeCount, graph.census.classes),
      sameProcess: first.identity.isSameProcess,
      growing,
      buffers: bufferGrowth(first, graph),
    };
  } finally {
    graph.close();
  }
}

async function findGrowing(
  file: SnapshotFile,
  graph: HeapGraph,
  first: FirstSnapshot,
): Promise<GrowingClass[]> {
  const before = new Map(first.classes.map((counted) => [keyOf(counted), counted]));
  const tree = shortestPaths(graph);
  const { isSameProcess } = first.identity;
  const candidates = isSameProcess
    ? worthTelling(ownedGrowth(graph, tree), graph)
    : growthByCount(graph, tree, before);
  const paths = candidates.map(({ samples }) =>
    samples.items().map((sample) => ({ sample, chain: chainTo(tree, sample.node) })),
  );
  const details = await readPathDetails(
    file,
    paths.flat().flatMap(({ chain }) => chain),
  );
  return candidates.map(({ classNumber, ownedSize }, place) => {
    const counted = graph.classOfNumber(classNumber);
    const ways = paths[place] ?? [];
    return {
      ...growthOf(before.get(keyOf(counted)), counted),
      newCount: isSameProcess ? counted.newCount : null,
      ownedGrowth: isSameProcess ? ownedSize : null,
      holder: findHolder(ways, details),
      paths: groupPaths(ways, details),
    };
  });
}

/** Leaves out trifles, and what V8 adds by itself: code, tables, texts that hang on nothing else. */
function worthTelling(growth: readonly OwnedGrowth[], graph: HeapGraph): OwnedGrowth[] {
  const total = growth.reduce((sum, { ownedSize }) => sum + ownedSize, 0);
  return growth
    .filter(({ classNumber, ownedSize }) => {
      const share = isElementClass(graph.classOfNumber(classNumber)) ? LEAST_SHARE : LEAST_SYSTEM_SHARE;
      return ownedSize >= share * total;
    })
    .slice(0, MAX_GROWING);
}

type Candidate = Pick<OwnedGrowth, 'classNumber' | 'ownedSize' | 'samples'>;

/** Without knowing which objects are new: the constructors whose objects alone grew most. */
function growthByCount(
  graph: HeapGraph,
  tree: PathTree,
  before: ReadonlyMap<string, ClassCount>,
): Candidate[] {
  const candidates = graph.census.classes
    .map((counted, classNumber) => ({
      classNumber,
      ownedSize: counted.size - (before.get(keyOf(counted))?.size ?? 0),
      samples: new ElementSamples(),
    }))
    .filter(({ classNumber, ownedSize }) => ownedSize > 0 && isElementClass(graph.classOfNumber(classNumber)))
    .sort((a, b) => b.ownedSize - a.ownedSize)
    .slice(0, MAX_GROWING);
  const byClass = new Map(candidates.map((candidate) => [candidate.classNumber, candidate.samples]));
  for (let node = 0; node < graph.nodeCount; node++) {
    if (tree[node] !== NOWHERE) byClass.get(graph.classOf[node] as number)?.add(node);
  }
  return candidates;
}

function bufferGrowth(first: FirstSnapshot, graph: HeapGraph): ClassGrowth | null {
  const isBuffers = ({ name, type }: ClassCount) => name === BUFFER_MEMORY && type === 'native';
  const after = graph.census.classes.find(isBuffers);
  return after === undefined ? null : growthOf(first.classes.find(isBuffers), after);
}

function growthOf(before: ClassCount | undefined, after: ClassCount): ClassGrowth {
  return {
    name: after.name,
    type: after.type,
    countBefore: before?.count ?? 0,
    countAfter: after.count,
    sizeBefore: before?.size ?? 0,
    sizeAfter: after.size,
  };
}

function keyOf({ type, name }: ClassCount): string {
  return `${type} ${name}`;
}

function totals({ path }: SnapshotFile, nodes: number, classes: readonly ClassCount[]): SnapshotTotals {
  return { file: path, nodes, size: classes.reduce((sum, { size }) => sum + size, 0) };
}
