import type { Operation } from './rules.ts';

interface OperationRoute {
  readonly method: string;
  /** Below the path of the collection. */
  readonly path: '' | '/:id';
}

/** How each operation of a collection is reached. */
export const OPERATION_ROUTES: Readonly<Record<Operation, OperationRoute>> = {
  list: { method: 'GET', path: '' },
  read: { method: 'GET', path: '/:id' },
  create: { method: 'POST', path: '' },
  update: { method: 'PATCH', path: '/:id' },
  delete: { method: 'DELETE', path: '/:id' },
};
