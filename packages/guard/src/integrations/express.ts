import type { Guard } from '../guard.ts';
import { routeTemplate } from '../requests/route-template.ts';
import { type ExpressRouter, mountPattern } from './express-mounts.ts';
import { type Attachment, attachOnce, type IntegrationOptions } from './integration-options.ts';
import { REFUSAL } from './refusal.ts';
import { type FollowedResponse, isUpgraded, RequestFollower } from './request-follower.ts';
import { RouteNames } from './route-names.ts';

export type { IntegrationOptions } from './integration-options.ts';

/** The part of an Express 4 or 5 application that is used. */
export interface ExpressApp {
  /** The prototype of the app's requests. */
  readonly request: object;
  use(handler: (request: ExpressRequest, response: ExpressResponse, next: () => void) => void): unknown;
}

interface ExpressRequest {
  readonly method: string;
  readonly url: string;
  readonly baseUrl: string;
}

interface ExpressResponse extends FollowedResponse {
  status(code: number): unknown;
  set(name: string, value: string): unknown;
  send(body: string): unknown;
}

interface ExpressRoute {
  readonly path: unknown;
}

// A router that is mounted under a fixed path is met under one or two; one under `/shops/:shop` under thousands, and is
// then looked up each time: some microseconds.
const MAX_MOUNTS = 16;

const taken = Symbol('maque.guard.route');
const index = Symbol('maque.guard.index');

/** A request, with what its `route` was when the router set it. */
interface RoutedRequest extends ExpressRequest {
  readonly app: ExpressRouter;
  readonly res: FollowedResponse;
  readonly upgrade?: boolean | null;
  [taken]?: ExpressRoute | undefined;
  [index]?: number;
}

/**
 * Watches an Express 4 or 5 app; give it as the first thing after `express()`. Requests are counted by the pattern of
 * their route, `GET /shops/:shop/orders/:id`, through mounted routers and apps.
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function watchExpress(app: ExpressApp, options: IntegrationOptions = {}): Guard {
  return attachOnce(app, options, (attachment) => begin(app, attachment));
}

function begin(app: ExpressApp, { guard, shedder }: Attachment): void {
  const names = new RouteNames(guard.meter);
  const follower = new RequestFollower<RoutedRequest>(
    guard.meter,
    (request) => request[index] ?? unroutedIndex(names, request),
  );
  noteRoutes(app.request, names);
  app.use((given, response, next) => {
    const request = given as RoutedRequest;
    const isRefused = shedder?.refuses(request.url) === true;
    if (!isUpgraded(request)) follower.begin(response, request, isRefused ? names.shed : -1);
    if (!isRefused) return next();
    response.status(REFUSAL.status);
    response.set('Retry-After', String(shedder?.retryAfterSeconds()));
    response.set('Content-Type', REFUSAL.contentType);
    response.send(REFUSAL.body);
  });
}

/**
 * Names a request when its router sets `request.route`: afterwards an error handler further out sees the same route, but
 * no longer where it was mounted. Express documents `app.request` as the place to extend requests.
 */
function noteRoutes(prototype: object, names: RouteNames): void {
  const patterns = new MountedPatterns();
  Object.defineProperty(prototype, 'route', {
    configurable: true,
    enumerable: true,
    get(this: RoutedRequest) {
      return this[taken];
    },
    set(this: RoutedRequest, route: ExpressRoute | undefined) {
      this[taken] = route;
      if (route === undefined) return;
      const pattern = this.baseUrl === '' ? textOf(route.path) : patterns.of(this, route);
      this[index] = names.indexOf(this.method, pattern);
    },
  });
}

/** Patterns of routes in mounted routers, remembered by where they were met. */
class MountedPatterns {
  readonly #known = new WeakMap<ExpressRoute, Map<string, string>>();

  of({ app, baseUrl }: RoutedRequest, route: ExpressRoute): string {
    const known = this.#known.get(route) ?? new Map<string, string>();
    const remembered = known.get(baseUrl);
    if (remembered !== undefined) return remembered;
    const mount = mountPattern(app, baseUrl, route) ?? shapeOf(baseUrl);
    const own = textOf(route.path);
    const pattern = own === '/' ? mount : mount + own;
    if (known.size < MAX_MOUNTS) this.#known.set(route, known.set(baseUrl, pattern));
    return pattern;
  }
}

/** Middleware that answers under a path, such as files or GraphQL, is named by that path. */
function unroutedIndex(names: RouteNames, { method, baseUrl, res }: RoutedRequest): number {
  if (baseUrl === '' || res.statusCode === 404) return names.none;
  return names.indexOf(method, `${shapeOf(baseUrl)}/*`);
}

function shapeOf(baseUrl: string): string {
  return routeTemplate('', baseUrl).trimStart();
}

/** Routes may be written as a text, an expression or a list of both. */
function textOf(path: unknown): string {
  return typeof path === 'string' ? path : String(path);
}
