import type { AnyHooks } from './hooks.ts';
import type { Problems } from './problems.ts';

/** When the app's code may run around each operation. */
const MOMENTS = {
  create: ['before', 'after'],
  update: ['before', 'after'],
  delete: ['before', 'after'],
  restore: ['before', 'after'],
  read: ['after'],
  list: ['before', 'after'],
} as const satisfies Record<keyof AnyHooks, readonly string[]>;

/** Checks that each hook has a name that is called: with another it would never run, and nobody be told. */
export function checkHooks(hooks: AnyHooks, where: string, problems: Problems): void {
  for (const [operation, handlers] of Object.entries(hooks)) {
    const moments: readonly string[] | undefined = MOMENTS[operation as keyof AnyHooks];
    if (moments === undefined) {
      problems.unknownHandler(operation, Object.keys(MOMENTS), `${where}.${operation}`);
      continue;
    }
    for (const [moment, handler] of Object.entries(handlers ?? {})) {
      const at = `${where}.${operation}.${moment}`;
      if (!moments.includes(moment)) problems.unknownHandler(moment, moments, at);
      else if (handler !== undefined && typeof handler !== 'function') problems.add('HANDLER_INVALID', at);
    }
  }
}
