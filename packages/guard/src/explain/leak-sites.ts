import type { Bytes, Milliseconds } from '@maque/kit';
import type { LiveSample } from './heap-profiler.ts';
import {
  GUARD_FRAME_URL,
  oncePerStack,
  ownerOf,
  packageOf,
  routeNumberOf,
  type StackFrame,
} from './stack-frame.ts';

/** A surviving object with the time at which it was allocated. */
export interface Survivor extends LiveSample {
  readonly atMs: Milliseconds;
}

/** A place in the code whose allocations stay. */
export interface LeakSite {
  /** The app's function that is nearest to the allocation; null when none is on the stack. */
  readonly app: StackFrame | null;
  /** A function of each package between the allocation and the app, the one that allocates first. */
  readonly packages: readonly StackFrame[];
  /** Where the largest part is allocated, the leaf first, without the guard's own frames. */
  readonly stack: readonly StackFrame[];
  /** Classes and kinds of the objects, as far as the stack tells. */
  readonly constructors: readonly string[];
  readonly survivors: readonly Survivor[];
  readonly bytes: Bytes;
  readonly samples: number;
  /** Of all that survives. */
  readonly share: number;
  /** Bytes that came in the first and in the second half of the time. */
  readonly halves: readonly [Bytes, Bytes];
}

const SHOWN_FRAMES = 12;
const MOST_PACKAGES = 3;
// Of one place; those with the most bytes. A place deep in a framework is reached by hundreds, which add no name.
const MOST_STACKS = 64;
// Allocated by V8 or Node with no function of JavaScript on the stack: it belongs to no place.
const NAMELESS = '';

/**
 * Groups survivors by the app's function nearest to the allocation (else the package's, else Node's), those first that
 * keep coming. What came once, such as a cache that warmed up or a table that doubled, is not a leak; so a place counts
 * by twice its poorer half, and a quarter of the later half for leaks that have just begun.
 */
export function rankSites(
  survivors: readonly Survivor[],
  fromMs: Milliseconds,
  untilMs: Milliseconds,
): LeakSite[] {
  const middleMs = (fromMs + untilMs) / 2;
  const total = bytesOf(survivors);
  const keyOf = oncePerStack((stack) => frameKey(namingFrame(stack)));
  const groups = Map.groupBy(survivors, ({ stack }) => keyOf(stack));
  groups.delete(NAMELESS);
  return [...groups.values()]
    .map((group) => siteOf(group, total, middleMs))
    .sort((a, b) => steadyBytes(b) - steadyBytes(a));
}

/** What of a site's survivors comes on steadily. */
export function steadyBytes({ halves: [first, second] }: LeakSite): Bytes {
  return 2 * Math.min(first, second) + second / 4;
}

function siteOf(group: readonly Survivor[], total: Bytes, middleMs: Milliseconds): LeakSite {
  const stacks = [...Map.groupBy(group, ({ stack }) => stack).entries()]
    .map(([all, samples]) => {
      const stack = visible(all);
      return { stack, weight: telling(stack, bytesOf(samples)) };
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_STACKS)
    .map(({ stack }) => stack);
  const largest = stacks[0] ?? [];
  const bytes = bytesOf(group);
  const first = bytesOf(group.filter(({ atMs }) => atMs < middleMs));
  return {
    app: appOf(largest),
    packages: stacks.map(packageFrames).find(({ length }) => length > 0) ?? [],
    stack: largest.slice(0, SHOWN_FRAMES),
    constructors: constructorsOf(stacks),
    survivors: group,
    bytes,
    samples: group.length,
    share: total === 0 ? 0 : bytes / total,
    halves: [first, bytes - first],
  };
}

// Headers, parsers and sockets stay because their request stays, which something else causes: whoever holds it is in
// another stack of the same function, maybe with a hundredth of the bytes.
const CONSEQUENCE_WEIGHT = 0.001;

function telling(stack: readonly StackFrame[], bytes: Bytes): number {
  const app = appOf(stack);
  const below = app === null ? stack : stack.slice(0, stack.indexOf(app));
  const isHttp = below.some(({ url }) => url.startsWith('node:_http') || url === 'node:net');
  return isHttp ? bytes * CONSEQUENCE_WEIGHT : bytes;
}

/**
 * The app's function nearest to the allocation. A callback without a name, such as in `Array.from` or `map`, is a part of the
 * function that it was written in.
 */
function appOf(stack: readonly StackFrame[]): StackFrame | null {
  let at = stack.findIndex(isApp);
  while (stack[at]?.functionName === '' && isBuiltin(stack[at + 1]) && isApp(stack[at + 2])) at += 2;
  return stack[at] ?? null;
}

function isApp(frame: StackFrame | undefined): boolean {
  return frame !== undefined && ownerOf(frame.url) === 'app';
}

function isBuiltin(frame: StackFrame | undefined): boolean {
  return frame !== undefined && ownerOf(frame.url) === 'builtin';
}

/** The frame that a survivor is named after. */
function namingFrame(stack: readonly StackFrame[]): StackFrame | null {
  const shown = visible(stack);
  return appOf(shown) ?? shown.find(({ url }) => ownerOf(url) === 'package') ?? shown[0] ?? null;
}

/** The number of the route whose frame is on the stack; null when the allocation came later, out of its callbacks. */
export function routeOnStack(stack: readonly StackFrame[]): number | null {
  for (const { url } of stack) {
    const number = routeNumberOf(url);
    if (number !== null) return number;
  }
  return null;
}

/** Whether the guard itself allocated it: its code is nearest to the allocation, but for V8's and Node's. */
export function isOfGuard(stack: readonly StackFrame[]): boolean {
  const nearest = stack.find(({ url }) => {
    const owner = ownerOf(url);
    return owner === 'app' || owner === 'package' || (owner === 'guard' && !isBelowApp(url));
  });
  return nearest !== undefined && ownerOf(nearest.url) === 'guard';
}

// What the guard compiles apart is below everything that a request does.
function isBelowApp(url: string): boolean {
  return url.startsWith(GUARD_FRAME_URL);
}

/** A stack without the guard's frames and without nameless ones of V8, which say nothing. */
export function visible(stack: readonly StackFrame[]): StackFrame[] {
  return stack.filter(({ url, functionName }) => {
    const owner = ownerOf(url);
    if (owner === 'builtin') return functionName !== '' && !functionName.startsWith('(');
    return owner !== 'guard' && owner !== 'route';
  });
}

/**
 * The packages on a stack that matter: those which the app calls, or else one that the app calls and that calls the app
 * (a cache around a function, unlike a framework, which only calls). Without an app, all of them.
 */
function packageFrames(stack: readonly StackFrame[]): StackFrame[] {
  const app = appOf(stack);
  const at = app === null ? stack.length : stack.indexOf(app);
  const called = onePerPackage(stack.slice(0, at));
  if (called.length > 0) return called;
  const callers = stack.slice(at + 1);
  const outermost = callers.findLastIndex(({ url }) => ownerOf(url) === 'app');
  return onePerPackage(callers.slice(0, outermost + 1)).slice(0, 1);
}

/** The function nearest to the allocation of each package. */
function onePerPackage(frames: readonly StackFrame[]): StackFrame[] {
  const first = new Map<string, StackFrame>();
  for (const frame of frames) {
    const name = packageOf(frame.url);
    if (name !== null && !first.has(name)) first.set(name, frame);
  }
  return [...first.values()].slice(0, MOST_PACKAGES);
}

// What V8's and Node's own functions make. A class is named by the function that constructs it.
const MADE_BY = new Map<string, readonly string[]>([
  ['parse', ['Object']],
  ['from', ['Array']],
  ['map', ['Array']],
  ['slice', ['(sliced string)', 'Array']],
  ['split', ['(sliced string)', 'Array']],
  ['substring', ['(sliced string)']],
  ['toString', ['(string)']],
  ['latin1Slice', ['(string)']],
  ['utf8Slice', ['(string)']],
  ['stringify', ['(string)']],
  ['join', ['(string)']],
  ['repeat', ['(string)']],
  ['race', ['PromiseReaction', 'Promise']],
  ['all', ['PromiseReaction', 'Promise']],
  ['then', ['PromiseReaction', 'Promise']],
  ['bind', ['Function']],
]);
// What holds other things, and grows with them: it says less than they do, and more than nothing.
const HELD_IN = new Map<string, string>([
  ['add', 'Set'],
  ['set', 'Map'],
  ['push', 'Array'],
]);
const CLASS_NAME = /^(?:new )?([A-Z][\w$]*)$/;
const MAX_CONSTRUCTORS = 6;

/**
 * The functions between an allocation and the app's code that are constructors, and what builtins are known to make; last
 * what they are held in.
 * Node makes a `Buffer` by its inner class `FastBuffer`.
 */
function constructorsOf(stacks: readonly (readonly StackFrame[])[]): string[] {
  const names = new Set<string>();
  const holders = new Set<string>();
  for (const stack of stacks) {
    const app = appOf(stack);
    const below = app === null ? stack : stack.slice(0, stack.indexOf(app) + 1);
    for (const { functionName, url } of below) {
      const name = CLASS_NAME.exec(functionName)?.[1];
      if (name !== undefined) names.add(name === 'FastBuffer' ? 'Buffer' : name);
      if (ownerOf(url) !== 'builtin' && ownerOf(url) !== 'node') continue;
      for (const made of MADE_BY.get(functionName) ?? []) names.add(made);
      const holder = ownerOf(url) === 'builtin' ? HELD_IN.get(functionName) : undefined;
      if (holder !== undefined) holders.add(holder);
    }
    if (names.size >= MAX_CONSTRUCTORS) break;
  }
  return [...new Set([...names, ...holders])].slice(0, MAX_CONSTRUCTORS);
}

function bytesOf(samples: readonly LiveSample[]): Bytes {
  return samples.reduce((total, { bytes }) => total + bytes, 0);
}

function frameKey(frame: StackFrame | null): string {
  return frame === null ? '' : `${frame.url}:${frame.line}:${frame.column}:${frame.functionName}`;
}
