import { ownerOf, type StackFrame } from './stack-frame.ts';

/** A stack of which it is known for which route it ran. */
export interface RoutedStack {
  readonly route: string;
  readonly stack: readonly StackFrame[];
}

// Seen twice may be chance; a function that nine of ten times serves one route is that route's.
const LEAST_SEEN = 3;
const LEAST_SHARE = 0.9;

/**
 * Learns which of the app's functions serve which route. What runs after an `await` has no route on its stack, but the
 * function is the same as in stacks that have one.
 */
export class FunctionRoutes {
  readonly #seen = new Map<string, Map<string, number>>();

  constructor(stacks: readonly RoutedStack[]) {
    for (const { route, stack } of stacks) {
      for (const key of new Set(keysOf(stack))) {
        const routes = this.#seen.get(key) ?? new Map<string, number>();
        routes.set(route, (routes.get(route) ?? 0) + 1);
        this.#seen.set(key, routes);
      }
    }
  }

  /** The route that the app's functions on a stack serve; null when none is known to serve one only. */
  routeOf(stack: readonly StackFrame[]): string | null {
    for (const key of keysOf(stack)) {
      const route = soleRoute(this.#seen.get(key));
      if (route !== null) return route;
    }
    return null;
  }
}

// Stacks tell where a function begins or where in it they are, so only its name tells that it is the same.
function keysOf(stack: readonly StackFrame[]): string[] {
  return stack
    .filter(({ url, functionName }) => functionName !== '' && ownerOf(url) === 'app')
    .map(({ url, functionName }) => `${url.replace(/^file:\/\//, '')} ${functionName}`);
}

function soleRoute(routes: ReadonlyMap<string, number> = new Map()): string | null {
  const total = [...routes.values()].reduce((sum, count) => sum + count, 0);
  for (const [route, count] of routes) {
    if (count >= LEAST_SEEN && count >= LEAST_SHARE * total) return route;
  }
  return null;
}
