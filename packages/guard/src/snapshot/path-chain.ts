import { NOWHERE } from './heap-graph.ts';
import type { PathTree } from './shortest-paths.ts';

/** One step towards an object: from `parent` to `node`. `gap` counts the steps left out before it. */
export interface ChainStep {
  readonly parent: number;
  readonly node: number;
  readonly gap: number;
}

// Chains of a million objects exist (a linked list); what holds them is at the one end, what is held at the other.
const NEAR_ROOT = 16;
const NEAR_OBJECT = 32;

/** The way from the root to a node, root first; the middle of a long one is left out. */
export function chainTo(tree: PathTree, node: number): ChainStep[] {
  const length = depthOf(tree, node);
  const skipped = length - NEAR_ROOT - NEAR_OBJECT;
  const steps: ChainStep[] = [];
  let at = node;
  for (let depth = length; depth > 0; depth--) {
    const parent = tree[at] as number;
    const gap = skipped > 0 && depth === length - NEAR_OBJECT + 1 ? skipped : 0;
    if (depth > length - NEAR_OBJECT || depth <= NEAR_ROOT) steps.push({ parent, node: at, gap });
    at = parent;
  }
  return steps.reverse();
}

function depthOf(tree: PathTree, node: number): number {
  let depth = 0;
  for (let at = tree[node] as number; at !== NOWHERE; at = tree[at] as number) depth++;
  return depth;
}
