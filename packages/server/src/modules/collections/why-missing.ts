import type { App } from '../../define/app.ts';
import { OPERATION_ROUTES } from '../../define/operation-routes.ts';
import type { Operation } from '../../define/rules.ts';

/** Answers why nothing is served at a path, where a collection would be if a rule had not been forgotten. */
export function whyMissingIn({ collections }: App) {
  return (method: string, path: string): string | undefined => {
    const [, name = '', id] = /^\/api\/([^/]+)(\/[^/]+)?$/.exec(path) ?? [];
    const operation = operationOf(method, id === undefined ? '' : '/:id');
    const collection = Object.hasOwn(collections, name) ? collections[name] : undefined;
    if (operation === undefined || collection === undefined) return undefined;
    if ((collection.rules[operation] ?? 'nobody') !== 'nobody') return undefined;
    return `there is no collections.${name}.rules.${operation}, so it is not served`;
  };
}

function operationOf(method: string, path: string): Operation | undefined {
  const all = Object.entries(OPERATION_ROUTES);
  return all.find(([, route]) => route.method === method && route.path === path)?.[0] as
    | Operation
    | undefined;
}
