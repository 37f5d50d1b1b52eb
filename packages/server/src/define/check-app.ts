import { checkCollection } from './check-collection.ts';
import { checkRoutes, RESERVED_PATHS, routeKey } from './check-route.ts';
import { checkWechatHandlers } from './check-wechat.ts';
import type { AnyCollection } from './collection.ts';
import type { DefinitionProblem } from './definition-error.ts';
import { Problems } from './problems.ts';
import type { Route } from './route.ts';
import type { Operation } from './rules.ts';
import type { WechatHandlers } from './wechat.ts';

/** How each operation of a collection is reached. */
const COLLECTION_ROUTES: Readonly<Record<Operation, { method: string; path: string }>> = {
  list: { method: 'GET', path: '' },
  read: { method: 'GET', path: '/:id' },
  create: { method: 'POST', path: '' },
  update: { method: 'PATCH', path: '/:id' },
  delete: { method: 'DELETE', path: '/:id' },
};

interface DeclaredApp {
  readonly collections: Readonly<Record<string, AnyCollection>>;
  readonly routes: readonly Route[];
  readonly wechat: WechatHandlers;
}

/** Everything that is wrong with an app as declared. */
export function checkApp(app: DeclaredApp): readonly DefinitionProblem[] {
  const problems = new Problems();
  problems.checkNames(Object.keys(app.collections), 'collections');
  const seen = new Map<AnyCollection, string>();
  const declared = new Set(Object.values(app.collections));
  for (const [name, collection] of Object.entries(app.collections)) {
    const where = `collections.${name}`;
    if (isReserved(name)) problems.add('NAME_RESERVED', where);
    const other = seen.get(collection);
    if (other !== undefined) problems.add('COLLECTION_TWICE', where, { other });
    seen.set(collection, where);
    checkCollection(collection, where, declared, problems);
  }
  checkRoutes(app.routes, servedRoutes(app), problems);
  checkWechatHandlers(app.wechat, problems);
  return problems.list;
}

function isReserved(name: string): boolean {
  return RESERVED_PATHS.has(name) || name.startsWith('maque_') || name.startsWith('sqlite_');
}

/** What collections serve under `/api`, by {@link routeKey}. */
function servedRoutes(app: DeclaredApp): Map<string, string> {
  const served = new Map<string, string>();
  for (const [name, collection] of Object.entries(app.collections)) {
    for (const [operation, { method, path }] of Object.entries(COLLECTION_ROUTES)) {
      const rule = collection.rules[operation as Operation];
      if (rule === undefined || rule === 'nobody') continue;
      served.set(routeKey(method, `/${name}${path}`), `collections.${name}.rules.${operation}`);
    }
  }
  return served;
}
