import type { Milliseconds } from '@maque/kit';
import type { StackFrame } from '../explain/stack-frame.ts';
import type { CpuProfile, ProfileNode } from './cpu-profiler.ts';

/** What the thread did at one sample: a stack, the innermost frame first; or one of V8's states that have none. */
export interface ProfiledSample {
  /** When the stretch of time that it stands for began and ended, on the scale of the start that was given. */
  readonly fromMs: Milliseconds;
  readonly toMs: Milliseconds;
  readonly state: 'code' | 'collection' | 'idle' | 'native';
  /** Samples of one place share the array. */
  readonly stack: readonly StackFrame[];
}

const STATES: Readonly<Record<string, ProfiledSample['state']>> = {
  '(garbage collector)': 'collection',
  '(idle)': 'idle',
  '(program)': 'native',
};

/** Turns V8's tree into stacks in the order of time. @param startedAtMs when the profile was started. */
export function profiledSamples(profile: CpuProfile, startedAtMs: Milliseconds): ProfiledSample[] {
  const places = readPlaces(profile.nodes);
  let atMs = startedAtMs;
  return profile.samples.map((id, index) => {
    const fromMs = atMs;
    // Samples may come a little out of order.
    atMs = Math.max(atMs, atMs + (profile.timeDeltas[index] ?? 0) / 1_000);
    const { state, stack } = places.get(id) ?? { state: 'native', stack: [] };
    return { fromMs, toMs: atMs, state, stack };
  });
}

type Place = Pick<ProfiledSample, 'state' | 'stack'>;

/** V8 bounds the depth of its stacks (255), and so this recursion. */
function readPlaces(nodes: readonly ProfileNode[]): ReadonlyMap<number, Place> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<number, Place>();
  const visit = (id: number, callers: readonly StackFrame[]): void => {
    const node = byId.get(id);
    if (node === undefined || places.has(id)) return;
    const place = readPlace(node, callers);
    places.set(id, place);
    for (const child of node.children ?? []) visit(child, place.stack);
  };
  const root = nodes[0];
  for (const child of root?.children ?? []) visit(child, []);
  return places;
}

function readPlace({ callFrame }: ProfileNode, callers: readonly StackFrame[]): Place {
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  const state = url === '' ? STATES[functionName] : undefined;
  if (state !== undefined) return { state, stack: callers };
  // Of what is built in V8 has no lines: they are -1.
  const frame = { functionName, url, line: lineNumber + 1, column: columnNumber + 1 };
  return { state: 'code', stack: [frame, ...callers] };
}
