import type { HeapGraph } from './heap-graph.ts';
import type { ChainStep } from './path-chain.ts';
import type { EdgeDetails, NodeDetails, PathDetails } from './path-details.ts';

/** One step of a path that people read: how it is held, and what it is. */
export interface RetainerStep {
  /** `.name` a property, `name` a variable, `[*]` a place in a list; `…` where steps are left out, '' for roots. */
  readonly by: string;
  readonly what: string;
}

/** A way in which samples are kept alive, from the roots to them. */
export interface RetainerPath {
  readonly steps: readonly RetainerStep[];
  /** How many of the samples are held so. */
  readonly samples: number;
}

/** The place where the ways of most samples come together: what to look at first. */
export interface Holder {
  /** What it is: `Map`, `Array`, the name of a class. */
  readonly what: string;
  /** The property or variable by which it is held, with that of its own holder where it has none of its own. */
  readonly by: string;
  /** How many references go out of it. */
  readonly entries: number;
  /** Share of the samples that are held through it. */
  readonly share: number;
  /** From the roots to it. */
  readonly steps: readonly RetainerStep[];
}

const MAX_PATHS = 3;
const ENTRY = '[*]';
const HOLDER_SHARE = 0.8;

/** Groups the ways to samples that read alike, the most frequent first. */
export function groupPaths(
  chains: readonly (readonly ChainStep[])[],
  graph: HeapGraph,
  details: PathDetails,
): RetainerPath[] {
  const groups = new Map<string, { steps: RetainerStep[]; samples: number }>();
  for (const chain of chains) {
    const steps = readableSteps(chain, graph, details);
    const key = JSON.stringify(steps);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { steps, samples: 1 });
    else group.samples++;
  }
  return [...groups.values()].sort((a, b) => b.samples - a.samples).slice(0, MAX_PATHS);
}

/** Finds the node farthest from the root that leads to at least four fifths of the samples, and what people call it. */
export function findHolder(
  chains: readonly (readonly ChainStep[])[],
  graph: HeapGraph,
  details: PathDetails,
): Holder | null {
  const passing = new Map<number, number>();
  for (const chain of chains) {
    for (const { node } of chain.slice(0, -1)) passing.set(node, (passing.get(node) ?? 0) + 1);
  }
  const needed = HOLDER_SHARE * chains.length;
  for (const chain of chains) {
    const at = chain.findLastIndex(
      ({ node }, place) => place < chain.length - 1 && (passing.get(node) ?? 0) >= needed,
    );
    const met = chain[at];
    if (met === undefined) continue;
    const steps = readableSteps(chain.slice(0, at + 1), graph, details);
    const last = steps.at(-1);
    if (last === undefined) return null;
    const entries = edgeCount(graph, met.node);
    return {
      what: last.what,
      by: last.by,
      entries,
      share: (passing.get(met.node) ?? 0) / chains.length,
      steps,
    };
  }
  return null;
}

// What has more is no object with named parts but a table, whose names are keys.
const MOST_NAMED_PARTS = 64;

const NOTHING = { type: '', name: '' };

function edgeCount({ firstEdge }: HeapGraph, node: number): number {
  return (firstEdge[node + 1] as number) - (firstEdge[node] as number);
}

/** Leaves out the arrays by which V8 keeps elements and entries: `.leaks Map → [*] Order`. */
function readableSteps(chain: readonly ChainStep[], graph: HeapGraph, details: PathDetails): RetainerStep[] {
  const steps: RetainerStep[] = [];
  let isEntry = false;
  for (const { edge, node, gap } of chain) {
    const held = details.nodes.get(node) ?? NOTHING;
    if (gap > 0) steps.push({ by: '…', what: '…' });
    if (held.type !== 'array') {
      const by = isEntry ? ENTRY : edgeText(details.edges.get(edge) ?? NOTHING);
      steps.push({ by: held.type === 'synthetic' ? '' : by, what: nodeText(held) });
    }
    isEntry = held.type === 'array' || edgeCount(graph, node) > MOST_NAMED_PARTS;
  }
  return steps;
}

function edgeText({ type, name }: EdgeDetails): string {
  if (/^\d+$/.test(name)) return ENTRY;
  // Roots are numbered: `3 / DevTools console`.
  const text = name.replace(/^\d+ \/ /, '');
  return type === 'property' ? `.${text}` : text;
}

function nodeText({ type, name }: NodeDetails): string {
  if (type === 'closure') return `${name}()`;
  if (type === 'string' || type.endsWith(' string')) return '(string)';
  return name === '' ? `(${type})` : name;
}
