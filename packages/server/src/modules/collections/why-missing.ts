import type { App } from '../../define/app.ts';
import type { Operation } from '../../define/rules.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /': 'list',
  'POST /': 'create',
  'GET /:id': 'read',
  'PATCH /:id': 'update',
  'DELETE /:id': 'delete',
};

/** Answers why nothing is served at a path, where a collection would be if a rule had not been forgotten. */
export function whyMissingIn({ collections }: App) {
  return (method: string, path: string): string | undefined => {
    const [, name = '', id] = /^\/api\/([^/]+)(\/[^/]+)?$/.exec(path) ?? [];
    const operation = OPERATIONS[`${method} ${id === undefined ? '/' : '/:id'}`];
    const collection = Object.hasOwn(collections, name) ? collections[name] : undefined;
    if (operation === undefined || collection === undefined) return undefined;
    if ((collection.rules[operation] ?? 'nobody') !== 'nobody') return undefined;
    return `there is no collections.${name}.rules.${operation}, so it is not served`;
  };
}
