import { type HeapGraph, NOWHERE } from './heap-graph.ts';
import { SearchLevel } from './search-level.ts';

const ROOT = 0;

// Compiled code, maps and other hidden parts hold nearly everything somehow, but never explain why: they are followed last.
const LAST_TYPES: ReadonlySet<string> = new Set(['hidden', 'code', 'object shape']);

// So are roots that hold nothing for long: whatever runs while the snapshot is taken, and V8's table of strings.
const LAST_ROOTS: ReadonlySet<string> = new Set([
  '(Stack roots)',
  '(Handle scope)',
  '(Internalized strings)',
]);

// Edges read at once. A node has four, mostly, and what follows in the file is seldom wanted while few nodes are.
const AHEAD_IN_LIST = 16;
const AHEAD_IN_BITS = 4_096;

/** For each node the edge by which the roots reach it first, or `NOWHERE`. */
export type PathTree = Uint32Array;

/**
 * Shortest paths from the roots of the garbage collector to all nodes, breadth first, in 4 bytes and 3 bits a node. A path
 * through compiled code or hidden parts is taken only where there is no other.
 */
export function shortestPaths(graph: HeapGraph): PathTree {
  const { nodeCount, census, classOf } = graph;
  const tree = new Uint32Array(nodeCount).fill(NOWHERE);
  const goesLast = census.classes.map(
    ({ type, name }) => LAST_TYPES.has(type) || (type === 'synthetic' && LAST_ROOTS.has(name)),
  );
  const later = new SearchLevel(nodeCount);
  let level = new SearchLevel(nodeCount);
  let next = new SearchLevel(nodeCount);
  if (nodeCount > 0) level.add(ROOT);
  spread((node) => (goesLast[classOf[node] as number] ? later : next).add(node));
  later.forEach((node) => {
    level.add(node);
  });
  spread((node) => next.add(node));
  return tree;

  function spread(reach: (node: number) => void): void {
    while (!level.isEmpty) {
      const ahead = level.isList ? AHEAD_IN_LIST : AHEAD_IN_BITS;
      level.forEach((node) => {
        follow(node, ahead, reach);
      });
      level.clear();
      [level, next] = [next, level];
    }
  }

  function follow(node: number, ahead: number, reach: (node: number) => void): void {
    const end = graph.firstEdge[node + 1] as number;
    for (let edge = graph.firstEdge[node] as number; edge < end; edge++) {
      const target = graph.targets.at(edge, Math.max(ahead, end - edge));
      if (target === NOWHERE || target === ROOT || tree[target] !== NOWHERE) continue;
      tree[target] = edge;
      reach(target);
    }
  }
}
