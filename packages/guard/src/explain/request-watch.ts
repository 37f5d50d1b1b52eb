import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock, Milliseconds } from '@maque/kit';
import { OTHER_ROUTES } from '../requests/request-meter.ts';
import { routeTemplate } from '../requests/route-template.ts';
import { PathShapes } from './path-shapes.ts';
import { compileRouteFrame, frameEvents, frameInContext, type RouteFrame } from './route-frames.ts';
import { RouteTraffic } from './route-traffic.ts';

const CHANNEL = 'http.server.request.start';

// Routes that are told apart while suspicious: more than a small backend has. All further ones are one.
const MAX_ROUTES = 200;

// Requests of one route whose objects are followed. Thirty alive of thirty ended leave no doubt.
const PROBES_PER_ROUTE = 40;
// Spread, so that there are old ones among them and not forty of the same moment.
const PROBE_EVERY_MS: Milliseconds = 1_000;

// Requests that get a frame and a context, which cost 2 µs, are 1,000 a second at most; further ones are only counted. One
// in ten of a very busy server's tells as much as all.
const FOLLOWED_PER_TURN = 100;
const TURN_MS: Milliseconds = 100;

interface WatchedRoute {
  readonly name: string;
  readonly number: number;
  readonly frame: RouteFrame;
  readonly probes: RequestProbe[];
  probedAtMs: Milliseconds;
}

/** What every asynchronous continuation of a request carries. */
interface RequestContext {
  readonly route: WatchedRoute;
}

interface RequestProbe {
  readonly atMs: Milliseconds;
  readonly request: WeakRef<IncomingMessage>;
  readonly response: WeakRef<ServerResponse>;
  readonly context: WeakRef<RequestContext>;
}

/** How many of a route's requests live on after they were answered. */
export interface RequestSurvival {
  readonly route: string;
  /** Requests that were followed and are old enough to be gone. */
  readonly followed: number;
  /** Of these, how many are open still: streams and slow answers. */
  readonly open: number;
  /** Of these, how many are over and have their request or response object still in memory. */
  readonly objects: number;
  /** Of these, how many are gone but for something that waits in their asynchronous context: promises, timers, sockets. */
  readonly contexts: number;
}

interface StartMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

/**
 * Follows requests of every `node:http` server while memory is suspect: counts them by route and time, puts a frame
 * with the route's number on the stacks below them, and sees whether some of them outlive their answer. Not for calm
 * times.
 */
export class RequestWatch {
  readonly traffic: RouteTraffic;
  readonly #clock: Clock;
  readonly #routes = new Map<string, WatchedRoute>();
  readonly #shapes = new PathShapes();
  readonly #contexts = new AsyncLocalStorage<RequestContext>();
  readonly #requests = new WeakMap<IncomingMessage, RouteFrame>();
  readonly #servers = new Map<Server, () => void>();
  #stopped = false;
  #turnEndsMs = Number.NEGATIVE_INFINITY;
  #leftInTurn = 0;
  #seen = 0;
  #followed = 0;

  /** @param longestMs for how long it will watch at most. */
  constructor(clock: Clock, longestMs: Milliseconds) {
    this.#clock = clock;
    this.traffic = new RouteTraffic(clock.monotonic(), longestMs);
    subscribe(CHANNEL, this.#started);
  }

  /**
   * The route that the code which asks was called for, directly or later; null outside of requests. Like all names here,
   * {@link nameOf} may know better later.
   */
  currentRoute(): string | null {
    return this.#contexts.getStore()?.route.name ?? null;
  }

  /** What a route is called by all that was seen: of many paths `GET /users/anna` only `GET /users/:id` is told. */
  nameOf(route: string): string {
    return this.#shapes.shapeOf(route);
  }

  /** Share of the requests that have a frame and a context. */
  get followedShare(): number {
    return this.#seen === 0 ? 1 : this.#followed / this.#seen;
  }

  /** The names of the routes that route frames stand for. */
  routeNames(): Map<number, string> {
    return new Map([...this.#routes.values()].map(({ number, name }) => [number, this.nameOf(name)]));
  }

  /** What became of the requests that began before `beforeMs`. Meant for right after a major collection. */
  survival(beforeMs: Milliseconds): RequestSurvival[] {
    const byName = Map.groupBy(this.#routes.values(), ({ name }) => this.nameOf(name));
    return [...byName].map(([name, routes]) =>
      survivalOf(
        name,
        routes.flatMap(({ probes }) => probes),
        beforeMs,
      ),
    );
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    unsubscribe(CHANNEL, this.#started);
    this.#contexts.disable();
    for (const restore of this.#servers.values()) restore();
    this.#servers.clear();
    this.#routes.clear();
  }

  readonly #started = (message: unknown): void => {
    const { request, response, server } = message as StartMessage;
    const template = routeTemplate(request.method ?? '', request.url ?? '');
    const route = this.#routeOf(this.#shapes.seen(template));
    const atMs = this.#clock.monotonic();
    this.traffic.count(route.name, atMs);
    this.#frameServer(server);
    this.#seen += 1;
    if (!this.#mayFollow(atMs)) return;
    this.#followed += 1;
    const context: RequestContext = { route };
    const frame = frameInContext(this.#contexts, context, route.frame);
    this.#requests.set(request, frame);
    // Bodies arrive by events of the request, and most of what is allocated for it hangs on those.
    frameEvents(request, () => (this.#stopped ? null : frame));
    this.#probe(route, {
      atMs,
      request: new WeakRef(request),
      response: new WeakRef(response),
      context: new WeakRef(context),
    });
  };

  #mayFollow(atMs: Milliseconds): boolean {
    if (atMs >= this.#turnEndsMs) {
      this.#turnEndsMs = atMs + TURN_MS;
      this.#leftInTurn = FOLLOWED_PER_TURN;
    }
    this.#leftInTurn -= 1;
    return this.#leftInTurn >= 0;
  }

  #frameServer(server: Server): void {
    if (this.#servers.has(server)) return;
    const frameOf = ([event, request]: unknown[]) =>
      event === 'request' ? (this.#requests.get(request as IncomingMessage) ?? null) : null;
    this.#servers.set(server, frameEvents(server, frameOf));
    server.once('close', () => this.#servers.delete(server));
  }

  #routeOf(template: string): WatchedRoute {
    const known = this.#routes.get(template);
    if (known !== undefined) return known;
    const name = this.#routes.size < MAX_ROUTES - 1 ? template : OTHER_ROUTES;
    const other = this.#routes.get(name);
    if (other !== undefined) return other;
    const number = this.#routes.size;
    const route: WatchedRoute = {
      name,
      number,
      frame: compileRouteFrame(number),
      probes: [],
      probedAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#routes.set(name, route);
    return route;
  }

  #probe(route: WatchedRoute, probe: RequestProbe): void {
    if (route.probes.length >= PROBES_PER_ROUTE) return;
    if (probe.atMs - route.probedAtMs < PROBE_EVERY_MS) return;
    route.probedAtMs = probe.atMs;
    route.probes.push(probe);
  }
}

function survivalOf(route: string, probes: readonly RequestProbe[], beforeMs: Milliseconds): RequestSurvival {
  const old = probes.filter((probe) => probe.atMs < beforeMs);
  const open = old.filter(({ response }) => response.deref()?.closed === false);
  const over = old.filter((probe) => !open.includes(probe));
  const holds = (probe: RequestProbe) =>
    probe.request.deref() !== undefined || probe.response.deref() !== undefined;
  return {
    route,
    followed: old.length,
    open: open.length,
    objects: over.filter(holds).length,
    contexts: over.filter((probe) => !holds(probe) && probe.context.deref() !== undefined).length,
  };
}
