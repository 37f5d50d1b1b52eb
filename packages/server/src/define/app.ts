import { checkApp } from './check-app.ts';
import type { AnyCollection } from './collection.ts';
import type { DataAccess } from './data.ts';
import { DefinitionError } from './definition-error.ts';
import type { Middleware } from './middleware.ts';
import type { Route } from './route.ts';
import type { WechatHandlers } from './wechat.ts';

export type Collections = { readonly [name: string]: AnyCollection };

export interface AppOptions<C extends Collections> {
  /** Each is served under `/api/{name}` as far as its rules let anybody in. */
  readonly collections: C;
  readonly routes?: readonly Route[];
  /** Runs before each route and collection, in this order. */
  readonly middleware?: readonly Middleware[];
  /** What staff, users and API keys may be given, beside `admin`, which may do everything: `['editor', 'support']`. */
  readonly roles?: readonly string[];
  /** What happens when somebody has paid, or WeChat pushes something. */
  readonly wechat?: WechatHandlers;
  /** Fills a database that was just made; never run again on that database. */
  readonly seed?: (db: DataAccess) => Promise<void>;
}

/** A whole backend as data. */
export interface App<C extends Collections = Collections> {
  readonly type: 'app';
  readonly collections: C;
  readonly routes: readonly Route[];
  readonly middleware: readonly Middleware[];
  readonly roles: readonly string[];
  readonly wechat: WechatHandlers;
  readonly seed: ((db: DataAccess) => Promise<void>) | undefined;
}

/**
 * Declares a backend; the default export of `maque.config.ts`.
 * @throws DefinitionError with every problem of the declaration at once.
 */
export function defineApp<const C extends Collections>(options: AppOptions<C>): App<C> {
  const app: App<C> = {
    // With what is no option, too, so that it is told.
    ...(options as object),
    type: 'app',
    collections: options.collections,
    routes: options.routes ?? [],
    middleware: options.middleware ?? [],
    roles: options.roles ?? [],
    wechat: options.wechat ?? {},
    seed: options.seed,
  };
  const problems = checkApp(app);
  if (problems.length > 0) throw new DefinitionError(problems);
  return Object.freeze(app);
}
