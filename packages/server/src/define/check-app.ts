import type { App } from './app.ts';
import { checkCollection } from './check-collection.ts';
import { checkRoutes, RESERVED_PATHS, routeKey } from './check-route.ts';
import { checkTolerated } from './check-tolerated.ts';
import { checkWechatHandlers } from './check-wechat.ts';
import type { AnyCollection } from './collection.ts';
import type { DefinitionProblem } from './definition-error.ts';
import type { Middleware } from './middleware.ts';
import { OPERATION_ROUTES } from './operation-routes.ts';
import { Problems } from './problems.ts';
import type { Route } from './route.ts';
import type { Operation } from './rules.ts';
import type { WechatHandlers } from './wechat.ts';

const OPTIONS = Object.keys({
  collections: true,
  routes: true,
  middleware: true,
  roles: true,
  wechat: true,
  seed: true,
} satisfies Record<keyof Omit<App, 'type'>, true>);

interface DeclaredApp {
  readonly type: 'app';
  readonly collections: Readonly<Record<string, AnyCollection>>;
  readonly routes: readonly Route[];
  readonly middleware: readonly Middleware[];
  readonly roles: readonly string[];
  readonly wechat: WechatHandlers;
}

/** Everything that is wrong with an app as declared. */
export function checkApp(app: DeclaredApp): readonly DefinitionProblem[] {
  const problems = new Problems();
  const { roles } = app;
  const { type: _type, ...options } = app;
  problems.checkOptions(options, OPTIONS, '');
  problems.checkNames(Object.keys(app.collections), 'collections');
  checkRoleNames(roles, problems);
  checkMiddleware(app.middleware, problems);
  const seen = new Map<AnyCollection, string>();
  const facts = { collections: new Set(Object.values(app.collections)), roles };
  for (const [name, collection] of Object.entries(app.collections)) {
    const where = `collections.${name}`;
    if (isReserved(name)) problems.add('NAME_RESERVED', where);
    const other = seen.get(collection);
    if (other === undefined) checkCollection(collection, where, facts, problems);
    else problems.add('COLLECTION_TWICE', where, { other });
    seen.set(collection, where);
  }
  checkTolerated(app.collections, problems);
  checkRoutes(app.routes, servedRoutes(app), roles, problems);
  checkWechatHandlers(app.wechat, problems);
  return problems.list;
}

function isReserved(name: string): boolean {
  // Two underscores part a collection and its field in the names of the tables that keep links.
  return RESERVED_PATHS.has(name) || /^(maque|sqlite)_|__/.test(name);
}

const ROLE = /^[a-z][A-Za-z0-9_-]{0,47}$/;

function checkRoleNames(roles: readonly string[], problems: Problems): void {
  for (const [position, role] of roles.entries()) {
    const isTwice = roles.indexOf(role) !== position;
    if (!ROLE.test(role) || role === 'admin' || isTwice) problems.add('ROLE_INVALID', `roles.${position}`);
  }
}

function checkMiddleware(middleware: readonly unknown[], problems: Problems): void {
  for (const [position, step] of middleware.entries()) {
    if (typeof step !== 'function') problems.add('HANDLER_INVALID', `middleware.${position}`);
  }
}

/** What collections serve under `/api`, by {@link routeKey}. */
function servedRoutes(app: DeclaredApp): Map<string, string> {
  const served = new Map<string, string>();
  for (const [name, collection] of Object.entries(app.collections)) {
    for (const [operation, { method, path }] of Object.entries(OPERATION_ROUTES)) {
      const rule = collection.rules[operation as Operation];
      if (rule === undefined || rule === 'nobody') continue;
      served.set(routeKey(method, `/${name}${path}`), `collections.${name}.rules.${operation}`);
    }
    const { softDelete, rules } = collection;
    if (softDelete !== undefined && (rules.delete ?? 'nobody') !== 'nobody')
      served.set(routeKey('POST', `/${name}/:id/restore`), `collections.${name}.softDelete`);
  }
  return served;
}
