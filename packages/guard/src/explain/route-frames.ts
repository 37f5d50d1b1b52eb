import type { AsyncLocalStorage } from 'node:async_hooks';
import { Script } from 'node:vm';
import { GUARD_FRAME_URL, ROUTE_FRAME_URL } from './stack-frame.ts';

/** Calls `work` on `target` from a function of its own, which stands for one route on every stack below it. */
export type RouteFrame = (
  work: (...given: unknown[]) => unknown,
  target: unknown,
  given: unknown[],
) => unknown;

/**
 * Compiles a function whose file name is the route's number. V8's profiler knows functions by where they were compiled,
 * so neither a closure nor another `name` would do.
 */
export function compileRouteFrame(number: number): RouteFrame {
  const code = '(function route(work, target, given) { return Reflect.apply(work, target, given); })';
  return new Script(code, { filename: `${ROUTE_FRAME_URL}${number}` }).runInThisContext() as RouteFrame;
}

// Compiled apart, as all that is below the app on a stack: so it can be told from the app's frames and the guard's own
// work wherever this package lies, and whether V8 has inlined it or not.
const makeInContext = new Script(
  `(function (contexts, context, frame) {
    return function inContext(work, target, given) {
      return contexts.run(context, frame, work, target, given);
    };
  })`,
  { filename: `${GUARD_FRAME_URL}context` },
).runInThisContext() as <Context>(
  contexts: AsyncLocalStorage<Context>,
  context: Context,
  frame: RouteFrame,
) => RouteFrame;

/** A frame below which `context` is the store of `contexts`. */
export function frameInContext<Context>(
  contexts: AsyncLocalStorage<Context>,
  context: Context,
  frame: RouteFrame,
): RouteFrame {
  return makeInContext(contexts, context, frame);
}

type Emit = (...given: unknown[]) => unknown;

const makeEmit = new Script(
  `(function (original, choose) {
    return function emit(...given) {
      const frame = choose(given);
      return frame === null ? Reflect.apply(original, this, given) : frame(original, this, given);
    };
  })`,
  { filename: `${GUARD_FRAME_URL}emit` },
).runInThisContext() as (original: Emit, choose: (given: unknown[]) => RouteFrame | null) => Emit;

interface Emitting {
  emit: Emit;
}

/**
 * Lets everything that `emitter` tells its listeners pass through `choose`'s frame, until the returned function is
 * called. An own `emit` that somebody else puts there later is left alone.
 */
export function frameEvents(emitter: object, choose: (given: unknown[]) => RouteFrame | null): () => void {
  const target = emitter as Emitting;
  const original = target.emit;
  const hadOwn = Object.hasOwn(emitter, 'emit');
  const emit = makeEmit(original, choose);
  target.emit = emit;
  return () => {
    if (target.emit !== emit) return;
    if (hadOwn) target.emit = original;
    else Reflect.deleteProperty(target, 'emit');
  };
}
