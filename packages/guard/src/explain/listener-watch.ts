import { EventEmitter, getEventListeners } from 'node:events';
import { getCallSites } from 'node:util';
import { Script } from 'node:vm';
import { GUARD_FRAME_URL, type StackFrame } from './stack-frame.ts';

// Node itself warns from 11 on; what is that large and grows on is no accident.
const MANY = 24;
const MAX_PILES = 50;
const STACK_DEPTH = 16;

/** Listeners of one event of one object that have become many. */
export interface ListenerPile {
  /** The class of the object, such as `Pool` or `AbortSignal`. */
  readonly owner: string;
  readonly event: string;
  /** When it was first seen to have many, and now. */
  readonly before: number;
  readonly now: number;
  readonly route: string | null;
  /** Where one of them was added, the leaf first. */
  readonly stack: readonly StackFrame[];
}

interface Pile {
  readonly target: WeakRef<object>;
  readonly owner: string;
  readonly event: string | symbol;
  readonly before: number;
  readonly route: string | null;
  readonly stack: readonly StackFrame[];
}

type Method = (...given: unknown[]) => unknown;
type Noticed = (target: object, event: string | symbol) => void;

// Compiled apart, so that it can be told from the app's own frames wherever this package lies.
const makeWrapper = new Script(
  `(function (original, noticed) {
    return function on(...given) {
      const answer = Reflect.apply(original, this, given);
      noticed(this, given[0]);
      return answer;
    };
  })`,
  { filename: `${GUARD_FRAME_URL}on` },
).runInThisContext() as (original: Method, noticed: Noticed) => Method;

/** Notices objects to which listeners are added over and over, while memory is suspect. */
export class ListenerWatch {
  readonly #piles: Pile[] = [];
  readonly #known = new WeakMap<object, Set<string | symbol>>();
  readonly #restore: (() => void)[];
  readonly #routeNow: () => string | null;

  constructor(routeNow: () => string | null) {
    this.#routeNow = routeNow;
    const ofEmitter: Noticed = (target, event) => {
      if (typeof Reflect.get(target, 'listenerCount') !== 'function') return;
      this.#notice(target, event, (target as EventEmitter).listenerCount(event));
    };
    const ofTarget: Noticed = (target, event) => {
      this.#notice(target, event, getEventListeners(target as EventTarget, String(event)).length);
    };
    this.#restore = [
      wrap(EventEmitter.prototype, 'on', ofEmitter),
      wrap(EventEmitter.prototype, 'addListener', ofEmitter),
      wrap(EventTarget.prototype, 'addEventListener', ofTarget),
    ];
  }

  /** Largest growth first. */
  piles(): ListenerPile[] {
    return this.#piles
      .map(({ target, owner, event, before, route, stack }) => {
        const now = countNow(target.deref(), event);
        return { owner, event: eventName(event), before, now, route, stack };
      })
      .filter(({ now, before }) => now > before)
      .sort((a, b) => b.now - b.before - (a.now - a.before));
  }

  stop(): void {
    for (const restore of this.#restore.splice(0)) restore();
    this.#piles.length = 0;
  }

  #notice(target: object, event: string | symbol, count: number): void {
    if (count < MANY || this.#piles.length >= MAX_PILES) return;
    const events = this.#known.get(target) ?? new Set();
    if (events.has(event)) return;
    this.#known.set(target, events.add(event));
    const stack = getCallSites(STACK_DEPTH, { sourceMap: false }).slice(2);
    this.#piles.push({
      target: new WeakRef(target),
      owner: target.constructor?.name ?? 'Object',
      event,
      before: count,
      route: this.#routeNow(),
      stack: stack.map((site) => ({
        functionName: site.functionName,
        url: site.scriptName,
        line: site.lineNumber,
        column: site.columnNumber,
      })),
    });
  }
}

function wrap<Name extends string>(
  prototype: { [Key in Name]: unknown },
  name: Name,
  noticed: Noticed,
): () => void {
  const original = prototype[name] as Method;
  const quietly: Noticed = (target, event) => {
    try {
      noticed(target, event);
    } catch {
      // Whatever an object answers to being counted, adding a listener must go on.
    }
  };
  const wrapper = makeWrapper(original, quietly);
  prototype[name] = wrapper as (typeof prototype)[Name];
  return () => {
    // Somebody wrapped it once more: then this one stays below, and notices nothing any more.
    if (prototype[name] === wrapper) prototype[name] = original as (typeof prototype)[Name];
  };
}

function countNow(target: object | undefined, event: string | symbol): number {
  if (target === undefined) return 0;
  if (target instanceof EventTarget) return getEventListeners(target, String(event)).length;
  return (target as EventEmitter).listenerCount(event);
}

// Events are named by programs, but a program may put data there: only what looks like a name is shown.
function eventName(event: string | symbol): string {
  const name = String(event);
  return /^[\w:.\- ()]{1,40}$/.test(name) ? name : '(unnamed)';
}
