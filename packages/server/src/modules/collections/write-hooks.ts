import type { AnyCollection } from '../../define/collection.ts';
import type { AnyHooks } from '../../define/hooks.ts';
import type { RecordSession } from '../records/record-session.ts';
import { type Call, type HookDeps, hookContext } from './hook-context.ts';

export type HookedOperation = 'create' | 'update' | 'delete' | 'restore';
type Hook = ((context: never) => unknown) | undefined;

/** Runs the app's code around the writes of one collection. */
export class WriteHooks {
  readonly #hooks: AnyHooks;
  readonly #deps: HookDeps;

  constructor({ hooks }: AnyCollection, deps: HookDeps) {
    this.#hooks = hooks;
    this.#deps = deps;
  }

  has(operation: HookedOperation, moment: 'before' | 'after'): boolean {
    return this.#hooks[operation]?.[moment] !== undefined;
  }

  /** What the hook answers instead of what it was given; undefined where there is none, or it answers nothing. */
  before(operation: HookedOperation, call: Call, session: RecordSession, about: object): Promise<unknown> {
    return this.#run(this.#hooks[operation]?.before, call, session, about);
  }

  async after(operation: HookedOperation, call: Call, session: RecordSession, about: object): Promise<void> {
    await this.#run(this.#hooks[operation]?.after, call, session, about);
  }

  async #run(hook: Hook, call: Call, session: RecordSession, about: object): Promise<unknown> {
    if (hook === undefined) return undefined;
    return hook(Object.assign(hookContext(call, session, this.#deps), about) as never);
  }
}
