import { checkValueFields } from './check-field.ts';
import { checkRoles } from './check-rules.ts';
import { isCollection } from './collection.ts';
import { isScalar } from './condition.ts';
import type { Fields } from './field.ts';
import type { Problems } from './problems.ts';
import type { Route, RouteAudience } from './route.ts';
import { ruleKind } from './rules.ts';

const PATH = /^(\/(:[a-z][A-Za-z0-9]*|[A-Za-z0-9_-]+))+$/;

const AUDIENCES: readonly unknown[] = ['public', 'optional', 'user', 'staff', 'admin'];

const OPTIONS = Object.keys({
  auth: true,
  summary: true,
  body: true,
  query: true,
  answer: true,
  status: true,
} satisfies Record<Exclude<keyof Route, 'method' | 'path' | 'handler'>, true>);

/** First segments under `/api` that Maque serves itself, now or in a version to come. */
export const RESERVED_PATHS = new Set([
  'admin',
  'admins',
  'batch',
  'files',
  'health',
  'jobs',
  'login',
  'logout',
  'me',
  'payments',
  'realtime',
  'sessions',
  'staff',
  'uploads',
  'users',
  'wechat',
]);

/** Checks the routes of an app among each other and against what collections serve (`GET /products/:id`). */
export function checkRoutes(
  routes: readonly Route[],
  served: ReadonlyMap<string, string>,
  roles: readonly string[],
  problems: Problems,
): void {
  const taken = new Map(served);
  for (const [position, route] of routes.entries()) {
    const where = `routes.${position} ${route.method} ${route.path}`;
    const first = route.path.split('/')[1] ?? '';
    if (!PATH.test(route.path)) problems.add('PATH_INVALID', where);
    else if (RESERVED_PATHS.has(first)) problems.add('PATH_RESERVED', where, { other: `/api/${first}` });
    const key = routeKey(route.method, route.path);
    const other = taken.get(key);
    if (other !== undefined) problems.add('PATH_RESERVED', where, { other });
    taken.set(key, where);
    const { method: _method, path: _path, handler: _handler, ...options } = route;
    problems.checkOptions(options, OPTIONS, where);
    checkAudience(route.auth, where, roles, problems);
    checkParts(route, where, problems);
  }
}

function checkAudience(
  auth: RouteAudience,
  where: string,
  roles: readonly string[],
  problems: Problems,
): void {
  if (typeof auth === 'object' && auth !== null && auth[ruleKind] === 'role')
    checkRoles(auth.roles, `${where} auth`, ['admin', ...roles], problems);
  else if (!AUDIENCES.includes(auth)) problems.add('AUDIENCE_INVALID', where, { auth: String(auth) });
}

/** The same for two routes that no request can tell apart. */
export function routeKey(method: string, path: string): string {
  return `${method} ${path.replace(/:[^/]+/g, ':')}`;
}

function checkParts(route: Route, where: string, problems: Problems): void {
  if (route.body !== undefined) {
    if (route.method === 'GET') problems.add('BODY_UNSUITED', where);
    checkValueFields(route.body, `${where} body`, problems);
  }
  if (route.query !== undefined) checkQuery(route.query, `${where} query`, problems);
  if (route.answer !== undefined && !isCollection(route.answer)) {
    checkValueFields(route.answer, `${where} answer`, problems);
  }
}

function checkQuery(query: Fields, where: string, problems: Problems): void {
  checkValueFields(query, where, problems);
  for (const [name, one] of Object.entries(query)) {
    if (!isScalar(one)) problems.add('QUERY_UNSUITED', `${where}.${name}`, { kind: one.spec.kind });
  }
}
