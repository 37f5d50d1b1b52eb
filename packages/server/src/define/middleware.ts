import type { Actor } from './hooks.ts';
import type { RouteLog } from './route.ts';

/** A request before its route runs. */
export interface MiddlewareContext {
  readonly method: string;
  /** As it is declared: `/api/orders/:id`. */
  readonly route: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Of the client, through the proxies that are trusted. */
  readonly ip: string;
  readonly requestId: string;
  readonly by: Actor;
  readonly log: RouteLog;
  /** Of the answer, whatever the route makes of it. */
  setHeader(name: string, value: string): void;
}

/**
 * Runs before each of the app's routes and collections, in the order of the list. What it throws is the answer: an error
 * of `defineErrors` reaches the caller.
 */
export type Middleware = (context: MiddlewareContext) => void | Promise<void>;
