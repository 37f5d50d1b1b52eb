import type { Bytes } from '@maque/kit';
import { isElementClass } from './element-class.ts';
import { ElementSamples } from './element-samples.ts';
import { type HeapGraph, NOWHERE } from './heap-graph.ts';
import type { PathTree } from './shortest-paths.ts';

/** What new objects of one class bring with them. */
export interface OwnedGrowth {
  readonly classNumber: number;
  /** Bytes of the new objects that hang on old ones, and of everything new below them. */
  ownedSize: Bytes;
  /** How many hang on old ones. */
  elements: number;
  /** Some of these. */
  readonly samples: ElementSamples;
}

// One new object that owns most of what is new is where things are kept, not what is kept: a Map that was made after
// the first snapshot, in a registry that was, too.
const MAX_HOLDERS = 4;
const HOLDERS_SHARE = 0.5;

// Leaked content is seldom deeper: a record in a tree of Maps of Maps is at 8. Of longer chains each part counts by
// itself.
const CLIMB_LIMIT = 64;

/**
 * Adds up growth by what is being added: a new object that hangs on an old one, all its new content included. So a
 * session that is kept counts with its strings and buffers, and these not by themselves. The largest comes first.
 */
export function ownedGrowth(graph: HeapGraph, tree: PathTree): OwnedGrowth[] {
  const isElement = graph.census.classes.map(isElementClass);
  const holders = new Set<number>();
  const growth = addUp(graph, tree, isElement, holders);
  let deeper = growth;
  for (let holder = holderOf(growth); holder !== null; holder = holderOf(deeper)) {
    if (holders.size === MAX_HOLDERS) break;
    holders.add(holder);
    deeper = addUp(graph, tree, isElement, holders);
  }
  // A chain of its own kind, or one large object, has nothing below it of which there is more.
  return (deeper[0]?.elements ?? 0) > 1 ? deeper : growth;
}

function holderOf([first, ...others]: readonly OwnedGrowth[]): number | null {
  if (first?.elements !== 1) return null;
  const total = others.reduce((sum, { ownedSize }) => sum + ownedSize, first.ownedSize);
  return first.ownedSize < HOLDERS_SHARE * total ? null : (first.samples.items()[0]?.node ?? null);
}

function addUp(
  graph: HeapGraph,
  tree: PathTree,
  isElement: readonly boolean[],
  holders: ReadonlySet<number>,
): OwnedGrowth[] {
  const growth = new Map<number, OwnedGrowth>();
  graph.newNodes.forEach((node) => {
    if (tree[node] === NOWHERE || holders.has(node)) return;
    const element = topmostElement(node);
    const grown = growthOf(graph.classOf[element] as number);
    const size = graph.sizes.at(node, Number.POSITIVE_INFINITY);
    grown.ownedSize += size;
    grown.samples.weigh(element, size);
    if (element !== node) return;
    grown.elements++;
    grown.samples.add(node);
  });
  return [...growth.values()].sort((a, b) => b.ownedSize - a.ownedSize);

  function growthOf(classNumber: number): OwnedGrowth {
    let grown = growth.get(classNumber);
    if (grown === undefined) {
      grown = { classNumber, ownedSize: 0, elements: 0, samples: new ElementSamples() };
      growth.set(classNumber, grown);
    }
    return grown;
  }
  /** The node itself if nothing above it is new and has a name. */
  function topmostElement(node: number): number {
    let element = node;
    let at = node;
    for (let step = 0; step < CLIMB_LIMIT && isNew(at); step++) {
      if (isElement[graph.classOf[at] as number]) element = at;
      at = tree[at] as number;
    }
    return element;
  }

  function isNew(node: number): boolean {
    return node !== NOWHERE && graph.newNodes.has(node) && !holders.has(node);
  }
}
