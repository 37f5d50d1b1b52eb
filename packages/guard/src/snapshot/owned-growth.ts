import type { Bytes } from '@maque/kit';
import { isElementClass } from './element-class.ts';
import { type HeapGraph, NOWHERE } from './heap-graph.ts';
import { SampleList } from './sample-list.ts';
import type { PathTree } from './shortest-paths.ts';

/** What new objects of one class bring with them. */
export interface OwnedGrowth {
  readonly classNumber: number;
  /** Bytes of the new objects that hang on old ones, and of everything new below them. */
  ownedSize: Bytes;
  /** How many hang on old ones. */
  elements: number;
  /** Some of these. */
  readonly samples: SampleList;
}

// Leaked content is seldom deeper: a record in a tree of Maps of Maps is at 8.
const CLIMB_LIMIT = 24;

// One new object that owns most of what is new is where things are kept, not what is kept: a Map that was made after the
// first snapshot, in a registry that was, too.
const MAX_HOLDERS = 4;
const HOLDERS_SHARE = 0.5;

/**
 * Adds up growth by what is being added: a new object that hangs on an old one, all its new content included. So a session
 * that is kept counts with its strings and buffers, and these not by themselves. The largest comes first.
 */
export function ownedGrowth(graph: HeapGraph, tree: PathTree): OwnedGrowth[] {
  const isElement = graph.census.classes.map(isElementClass);
  const holders = new Set<number>();
  let growth = addUp(graph, tree, isElement, holders);
  for (let holder = holderOf(growth); holder !== null; holder = holderOf(growth)) {
    if (holders.size === MAX_HOLDERS) break;
    holders.add(holder);
    const below = addUp(graph, tree, isElement, holders);
    // The same again, one step further: a chain of its own kind, and its head is the element.
    if (below[0]?.classNumber === growth[0]?.classNumber && holderOf(below) !== null) break;
    growth = below;
  }
  return growth;
}

function holderOf([first, ...others]: readonly OwnedGrowth[]): number | null {
  if (first?.elements !== 1) return null;
  const total = others.reduce((sum, { ownedSize }) => sum + ownedSize, first.ownedSize);
  return first.ownedSize < HOLDERS_SHARE * total ? null : (first.samples.items[0] ?? null);
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
    grown.ownedSize += graph.sizes.at(node, Number.POSITIVE_INFINITY);
    if (element !== node) return;
    grown.elements++;
    grown.samples.add(node);
  });
  return [...growth.values()].sort((a, b) => b.ownedSize - a.ownedSize);

  function growthOf(classNumber: number): OwnedGrowth {
    let grown = growth.get(classNumber);
    if (grown === undefined) {
      grown = { classNumber, ownedSize: 0, elements: 0, samples: new SampleList() };
      growth.set(classNumber, grown);
    }
    return grown;
  }

  function topmostElement(node: number): number {
    let element = node;
    let at = node;
    for (let step = 0; step < CLIMB_LIMIT; step++) {
      if (isElement[graph.classOf[at] as number]) element = at;
      const edge = tree[at] as number;
      if (edge === NOWHERE) break;
      at = graph.sourceOf(edge);
      if (!graph.newNodes.has(at) || holders.has(at)) break;
    }
    return element;
  }
}
