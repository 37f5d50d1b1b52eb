import type { ClassCount } from './class-census.ts';
import { type HeapGraph, NOWHERE } from './heap-graph.ts';
import { SearchLevel } from './search-level.ts';

const ROOT = 0;

// Compiled code, maps and other hidden parts hold nearly everything somehow, but seldom explain why.
const HIDDEN_TYPES: ReadonlySet<string> = new Set(['hidden', 'code', 'object shape']);

// Roots that hold nothing for long: whatever runs while the snapshot is taken, and V8's table of strings.
const PASSING_ROOTS: ReadonlySet<string> = new Set([
  '(Stack roots)',
  '(Handle scope)',
  '(Internalized strings)',
]);

// Edges read at once. A node has four, mostly, and what follows in the file is seldom wanted while few nodes are.
const AHEAD_IN_LIST = 16;
const AHEAD_IN_BITS = 4_096;

/** When a node of a class is followed: 0 at once, 1 and 2 when nothing else is left. */
function turnOf({ type, name }: ClassCount): number {
  if (type === 'synthetic' && PASSING_ROOTS.has(name)) return 2;
  return HIDDEN_TYPES.has(type) ? 1 : 0;
}

/** For each node the one through which the roots reach it first, or `NOWHERE`. */
export type PathTree = Uint32Array;

/**
 * Shortest paths from the roots of the garbage collector to all nodes, breadth first, in 4 bytes and 4 bits a node. A
 * path through hidden parts is taken only where there is no other, and one from the stack as the last.
 */
export function shortestPaths(graph: HeapGraph): PathTree {
  const { nodeCount, census, classOf } = graph;
  const tree = new Uint32Array(nodeCount).fill(NOWHERE);
  const turns = census.classes.map(turnOf);
  let level = new SearchLevel(nodeCount);
  let next = new SearchLevel(nodeCount);
  const later = [new SearchLevel(nodeCount), new SearchLevel(nodeCount)];
  if (nodeCount > 0) level.add(ROOT);
  for (let turn = 0; ; turn++) {
    spread((node) => {
      const due = (turns[classOf[node] as number] as number) - turn;
      (due > 0 ? (later[due - 1] as SearchLevel) : next).add(node);
    });
    const postponed = later.shift();
    if (postponed === undefined) return tree;
    level = postponed;
  }

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
    const first = graph.edges.firstOf(node);
    const end = first + graph.edges.countOf(node);
    for (let edge = first; edge < end; edge++) {
      const target = graph.targets.at(edge, Math.max(ahead, end - edge));
      if (target === NOWHERE || target === ROOT || tree[target] !== NOWHERE) continue;
      tree[target] = node;
      reach(target);
    }
  }
}
