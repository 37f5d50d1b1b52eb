import type { ElementSample } from './element-samples.ts';
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
  /** Share of the samples that is held so, by what they own. */
  readonly share: number;
}

/** A sample and the way to it. */
export interface SampledPath {
  readonly sample: ElementSample;
  readonly chain: readonly ChainStep[];
}

/** The place where the ways of most samples come together: what to look at first. */
export interface Holder {
  /** What it is: `Map`, `Array`, the name of a class. */
  readonly what: string;
  /** The property or variable by which it is held, with that of its own holder where it has none of its own. */
  readonly by: string;
  /** How many references go out of it. */
  readonly entries: number;
  /** Share of the samples that is held through it, by what they own. */
  readonly share: number;
  /** From the roots to it. */
  readonly steps: readonly RetainerStep[];
}

const MAX_PATHS = 3;
const ENTRY = '[*]';
const HOLDER_SHARE = 0.8;

/** Groups the ways to samples that read alike, those to the most bytes first. */
export function groupPaths(paths: readonly SampledPath[], details: PathDetails): RetainerPath[] {
  const total = totalWeight(paths);
  const groups = new Map<string, { steps: RetainerStep[]; share: number }>();
  for (const { sample, chain } of paths) {
    const steps = readableSteps(chain, details);
    const key = JSON.stringify(steps);
    const group = groups.get(key) ?? { steps, share: 0 };
    group.share += sample.weight / total;
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => b.share - a.share)
    .slice(0, MAX_PATHS)
    .map(({ steps, share }) => ({ steps, share: rounded(share) }));
}

/** Finds the node farthest from the root that leads to at least four fifths of the samples, and what people call it. */
export function findHolder(paths: readonly SampledPath[], details: PathDetails): Holder | null {
  const total = totalWeight(paths);
  const passing = new Map<number, number>();
  for (const { sample, chain } of paths) {
    for (const { node } of chain.slice(0, -1)) {
      passing.set(node, (passing.get(node) ?? 0) + sample.weight / total);
    }
  }
  for (const { chain } of paths) {
    const at = chain.slice(0, -1).findLastIndex(({ node }) => (passing.get(node) ?? 0) >= HOLDER_SHARE);
    const met = chain[at];
    if (met === undefined) continue;
    const steps = readableSteps(chain.slice(0, at + 1), details);
    const last = steps.at(-1);
    if (last === undefined) return null;
    const entries = details.nodes.get(met.node)?.edges ?? 0;
    const share = rounded(passing.get(met.node) ?? 0);
    return { what: last.what, by: last.by, entries, share, steps };
  }
  return null;
}

function rounded(share: number): number {
  return Math.round(share * 1e3) / 1e3;
}

function totalWeight(paths: readonly SampledPath[]): number {
  return paths.reduce((sum, { sample }) => sum + sample.weight, 0) || 1;
}

// What has more is no object with named parts but a table, whose names are keys.
const MOST_NAMED_PARTS = 64;

const LEFT_OUT: RetainerStep = { by: '…', what: '…' };
const NOTHING = { type: '', name: '', edges: 0 };

/** Leaves out the arrays by which V8 keeps elements and entries: `.leaks Map → [*] Order`. */
function readableSteps(chain: readonly ChainStep[], details: PathDetails): RetainerStep[] {
  const steps: RetainerStep[] = [];
  let isEntry = false;
  for (const { node, gap } of chain) {
    const held = details.nodes.get(node) ?? NOTHING;
    if (gap > 0) addStep(steps, LEFT_OUT);
    if (held.type !== 'array') {
      const by = isEntry ? ENTRY : edgeText(details.edges.get(node) ?? NOTHING);
      addStep(steps, { by: held.type === 'synthetic' ? '' : by, what: nodeText(held) });
    }
    isEntry = held.type === 'array' || held.edges > MOST_NAMED_PARTS;
  }
  return steps;
}

/** Of the links of a chain, `.next Node → .next Node → …`, the first is enough. */
function addStep(steps: RetainerStep[], step: RetainerStep): void {
  const last = steps.at(-1);
  const before = last === LEFT_OUT ? steps.at(-2) : last;
  if (before?.by === step.by && before.what === step.what) {
    if (last !== LEFT_OUT) steps.push(LEFT_OUT);
  } else if (last !== LEFT_OUT || step !== LEFT_OUT) {
    steps.push(step);
  }
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
