import { attempt } from '../sample/attempt.ts';

/** An Express app or router, as far as routes are looked for in it; versions 4 and 5 differ. */
export interface ExpressRouter {
  readonly stack?: readonly ExpressLayer[];
  /** Express 5. */
  readonly router?: ExpressRouter;
  /** Express 4, where reading `router` throws. */
  readonly _router?: ExpressRouter;
  /** Of an app: the patterns under which it and its parents are mounted, joined. */
  path?(): string;
}

interface ExpressLayer {
  readonly route?: object;
  readonly handle?: ExpressRouter;
  /** Answers what matched, or (before 5.3) notes it on the layer itself. */
  match(path: string): boolean | LayerMatch;
  readonly path?: string;
  readonly params?: LayerMatch['params'];
}

interface LayerMatch {
  readonly path?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Patterns of mounted apps that can be held against a path by counting segments: no wildcards, no lists. */
const PLAIN_PATTERN = /^(?:\/[\w.:~-]*)*$/;

/**
 * The pattern behind `baseUrl`: Express tells `/shops/42` where `/shops/:shop` is wanted, and keeps the pattern to itself.
 * Walks from the app through its routers to `route`, matching `baseUrl` on the way.
 * @returns null when the route is not found that way.
 */
export function mountPattern(app: ExpressRouter, baseUrl: string, route: object): string | null {
  return attempt(() => {
    const prefix = (app.path?.() ?? '').replace(/\/$/, '');
    if (!PLAIN_PATTERN.test(prefix)) return null;
    const rest = baseUrl.split('/').slice(prefix.split('/').length);
    const stack = (app._router ?? app.router)?.stack ?? [];
    const inside = patternTo(route, stack, rest.map((segment) => `/${segment}`).join(''));
    return inside === null ? null : prefix + inside;
  });
}

function patternTo(route: object, stack: readonly ExpressLayer[], path: string): string | null {
  if (path === '' && stack.some((layer) => layer.route === route)) return '';
  for (const layer of stack) {
    const inner = layer.handle?.stack;
    if (inner === undefined || layer.route !== undefined) continue;
    const match = layer.match(path);
    if (match === false) continue;
    const { path: matched = '', params = {} } = match === true ? layer : match;
    const own = matched.replace(/\/$/, '');
    const after = path.slice(own.length);
    if (after !== '' && !after.startsWith('/')) continue;
    const rest = patternTo(route, inner, after);
    if (rest !== null) return withNames(own, params) + rest;
  }
  return null;
}

/** Puts `:name` where a parameter's value stands, from the right: in `/users/users` the parameter comes last. */
function withNames(path: string, params: Readonly<Record<string, unknown>>): string {
  const segments = path.split('/');
  for (const [name, value] of Object.entries(params).reverse()) {
    const at = segments.findLastIndex((segment) => decoded(segment) === value);
    if (at > 0) segments[at] = `:${name}`;
  }
  return segments.join('/');
}

function decoded(segment: string): string {
  return attempt(() => decodeURIComponent(segment)) ?? segment;
}
