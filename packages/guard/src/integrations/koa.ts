import type { Guard } from '../guard.ts';
import { type Attachment, attachOnce, type IntegrationOptions } from './integration-options.ts';
import { REFUSAL } from './refusal.ts';
import { type FollowedResponse, isUpgraded, RequestFollower } from './request-follower.ts';
import { RouteNames } from './route-names.ts';

export type { IntegrationOptions } from './integration-options.ts';

/** The part of a Koa 2 or 3 application that is used. */
export interface KoaApp {
  use(middleware: (context: KoaContext, next: () => Promise<unknown>) => unknown): unknown;
}

interface KoaContext {
  readonly method: string;
  readonly url: string;
  readonly req: object;
  readonly res: FollowedResponse;
  status: number;
  body: unknown;
  set(name: string, value: string): unknown;
}

/** What routers leave on the context. */
interface RoutedContext extends KoaContext {
  /** By @koa/router: the pattern that matched, prefixes included. */
  readonly _matchedRoute?: string | RegExp;
  /** By koa-route. */
  readonly routePath?: string | RegExp;
  /** By koa-mount: where the router's app is mounted. */
  readonly mountPath?: string;
}

/**
 * Watches a Koa 2 or 3 app; give it as the first thing after `new Koa()`. Requests are counted by the pattern that
 * @koa/router or koa-route leaves on the context, `GET /orders/:id`.
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function watchKoa(app: KoaApp, options: IntegrationOptions = {}): Guard {
  return attachOnce(app, options, (attachment) => begin(app, attachment));
}

function begin(app: KoaApp, { guard, shedder }: Attachment): void {
  const names = new RouteNames(guard.meter);
  const follower = new RequestFollower<RoutedContext>(guard.meter, (context) => routeIndex(names, context));
  app.use((context, next) => {
    const isRefused = shedder?.refuses(context.url) === true;
    if (!isUpgraded(context.req)) follower.begin(context.res, context, isRefused ? names.shed : -1);
    if (!isRefused) return next();
    context.status = REFUSAL.status;
    context.set('Retry-After', String(shedder?.retryAfterSeconds()));
    context.set('Content-Type', REFUSAL.contentType);
    context.body = REFUSAL.body;
    return;
  });
}

function routeIndex(names: RouteNames, context: RoutedContext): number {
  const route = context._matchedRoute ?? context.routePath;
  if (route === undefined) return names.none;
  const pattern = typeof route === 'string' ? route : String(route);
  const { mountPath = '/' } = context;
  return names.indexOf(context.method, mountPath === '/' ? pattern : mountPath + pattern);
}
