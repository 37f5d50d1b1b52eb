import { type HeapGraph, NOWHERE } from './heap-graph.ts';
import type { PathTree } from './shortest-paths.ts';

/** One step towards an object: an edge, and the node it leads to. `gap` counts the steps left out before it. */
export interface ChainStep {
  readonly edge: number;
  readonly node: number;
  readonly gap: number;
}

// Chains of a million objects exist (a linked list); what holds them is at the one end, what is held at the other.
const NEAR_ROOT = 16;
const NEAR_OBJECT = 32;

/** The way from the root to a node, root first; the middle of a long one is left out. */
export function chainTo(graph: HeapGraph, tree: PathTree, node: number): ChainStep[] {
  const near: ChainStep[] = [];
  const far: ChainStep[] = [];
  let skipped = 0;
  for (let at = node; tree[at] !== NOWHERE; ) {
    const edge = tree[at] as number;
    const step = { edge, node: at, gap: 0 };
    if (near.length < NEAR_OBJECT) near.push(step);
    else if (far.push(step) > NEAR_ROOT) {
      far.shift();
      skipped++;
    }
    at = graph.sourceOf(edge);
  }
  const last = near.at(-1);
  if (last !== undefined && skipped > 0) near[near.length - 1] = { ...last, gap: skipped };
  return [...near, ...far].reverse();
}
