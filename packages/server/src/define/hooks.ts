import type { AnyCollection, ChangesOf, NewRecordOf, RecordOf } from './collection.ts';
import type { DataAccess } from './data.ts';
import type { RouteLog } from './route.ts';
import type { WhereOf } from './rules.ts';
import type { WechatServices } from './wechat-services.ts';

/** Who is behind a request, as an app's own code sees it. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly id: string; readonly roles: readonly string[] }
  | { readonly kind: 'admin' | 'staff'; readonly id: string; readonly roles: readonly string[] }
  | { readonly kind: 'machine'; readonly id: string; readonly roles: readonly string[] };

/** What every hook is given beside what it is about. */
export interface HookContext {
  readonly by: Actor;
  /** Of a write: inside its transaction, so what is done here is kept or undone with it. */
  readonly db: DataAccess;
  readonly wechat: WechatServices;
  readonly log: RouteLog;
  /**
   * Runs when the write is kept, and not when it is undone: for messages and other servers. Nobody waits for it, what it
   * throws is logged, and it is lost when the server ends meanwhile.
   */
  afterCommit(work: () => void | Promise<void>): void;
}

type Awaitable<T> = T | Promise<T>;

/**
 * Code around the operations of a collection, whether they come over HTTP one by one or in a batch. What a hook throws
 * refuses the operation: an error of `defineErrors` reaches the caller. The server's own `db` runs no hooks.
 */
export interface Hooks<C extends AnyCollection> {
  readonly create?: {
    /** May answer other values; they are checked again. */
    readonly before?: (
      context: HookContext & { readonly record: NewRecordOf<C> },
    ) => Awaitable<NewRecordOf<C> | undefined>;
    readonly after?: (context: HookContext & { readonly record: RecordOf<C> }) => Awaitable<void>;
  };
  readonly update?: {
    readonly before?: (
      context: HookContext & { readonly record: RecordOf<C>; readonly changes: ChangesOf<C> },
    ) => Awaitable<ChangesOf<C> | undefined>;
    readonly after?: (
      context: HookContext & { readonly record: RecordOf<C>; readonly previous: RecordOf<C> },
    ) => Awaitable<void>;
  };
  readonly delete?: {
    readonly before?: (context: HookContext & { readonly record: RecordOf<C> }) => Awaitable<void>;
    readonly after?: (context: HookContext & { readonly record: RecordOf<C> }) => Awaitable<void>;
  };
  /** Of a softly deleted record, which comes back. */
  readonly restore?: {
    readonly before?: (context: HookContext & { readonly record: RecordOf<C> }) => Awaitable<void>;
    readonly after?: (context: HookContext & { readonly record: RecordOf<C> }) => Awaitable<void>;
  };
  readonly read?: {
    /** May answer another view of the record. */
    readonly after?: (
      context: HookContext & { readonly record: RecordOf<C> },
    ) => Awaitable<RecordOf<C> | undefined>;
  };
  readonly list?: {
    /** May narrow the list, whatever was asked for. */
    readonly before?: (context: HookContext) => Awaitable<WhereOf<C> | undefined>;
    readonly after?: (
      context: HookContext & { readonly records: readonly RecordOf<C>[] },
    ) => Awaitable<readonly RecordOf<C>[] | undefined>;
  };
}

/** Hooks whose collection is not known to the type checker. */
export type AnyHooks = {
  readonly [Operation in keyof Hooks<AnyCollection>]?: {
    readonly before?: (context: never) => unknown;
    readonly after?: (context: never) => unknown;
  };
};
